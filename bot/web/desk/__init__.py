"""The hotline's desk: pages for staff who are signed in. See docs/desk.md."""
