"""Ears and mouth for other parts of the product, as a small service on loopback."""
