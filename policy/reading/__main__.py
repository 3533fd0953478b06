"""`python -m policy.reading NAME`: a file on standard input, its notice as JSON on standard output.

For who must not be dragged along by a hostile file: this process may use so much memory and time
and no more, and ends. What cannot be read comes out as `{"refused": reason}` with exit code 3.
"""

from __future__ import annotations

import json
import resource
import sys

from core.errors import BadNotice
from policy.reading.notice import read_notice
from policy.reading.packing import packed_notice

MEMORY = 2 * 1024**3
"""Bytes of address space."""
CPU_S = 60
REFUSED = 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        notice = read_notice(sys.stdin.buffer.read(), sys.argv[1])
    except BadNotice as error:
        return _refuse(str(error.details.get("reason", "damaged")))
    except (MemoryError, RecursionError):
        return _refuse("too_large")
    sys.stdout.buffer.write(packed_notice(notice).encode())
    return 0


def _refuse(reason: str) -> int:
    sys.stdout.write(json.dumps({"refused": reason}))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
