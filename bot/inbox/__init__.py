"""What every messenger shares: one answer for each delivery, in order, with words for buttons."""
