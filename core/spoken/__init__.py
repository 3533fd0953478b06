"""What people say and type, read into values: pure parsers, no clock, no I/O at import."""
