"""Whether an independent listener understands what the mouth says."""
