"""Reading notices, finding clauses, composing and verifying answers. No SQL, no network."""
