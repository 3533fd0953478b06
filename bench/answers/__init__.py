"""How good the answers are: measured on questions with gold, next to simpler ways."""
