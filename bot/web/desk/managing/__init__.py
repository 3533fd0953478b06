"""What managers look after: notices, dates of courses, requests, feedback, numbers."""
