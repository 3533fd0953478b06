"""Reading official notices: a file's bytes become a `policy.model.Notice`."""

from policy.reading.bundled import bundled_notice
from policy.reading.notice import read_notice

__all__ = ["bundled_notice", "read_notice"]
