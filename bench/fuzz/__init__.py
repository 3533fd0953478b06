"""Damaged, hostile and senseless input for every parser that a stranger can reach."""
