"""The several-machine form: one description, what follows from it, and a run of it here."""
