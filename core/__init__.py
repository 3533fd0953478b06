"""Values, rules and ports that every room shares. No I/O, no clock of its own."""
