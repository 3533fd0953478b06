"""Booking under load: `python -m bench.booking`."""
