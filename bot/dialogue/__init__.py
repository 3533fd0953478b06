"""The dialogue's domain, rules and its door."""
