"""Messengers under load: `python -m bench.messengers`."""
