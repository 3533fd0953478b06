"""Telegram: the only place that imports its client library."""
