"""`python -m bench.fuzz.guided PARSER`: input for one parser, chosen by what it covers.

Needs atheris, which the product does not depend on: `uv pip install atheris`.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any


def main() -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed: uv pip install atheris")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parser")
    options.add_argument("--seconds", type=int, default=60)
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix="minglu-guided-"))
    with atheris.instrument_imports():
        from hypothesis import HealthCheck, given, settings

        from bench.fuzz.parsers import parsers
        from bench.fuzz.run import fuzz
        from core.errors import MingluError

        found = {one.name: one for one in parsers(folder)}
        if chosen.parser not in found:
            sys.exit(f"no parser {chosen.parser!r}; there are {', '.join(found)}")
        parser = found[chosen.parser]
        # Parsers import what they need when they are first used: that must be seen, too.
        fuzz(parser, inputs=5)

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parser.given())
    def one(data: Any) -> None:
        try:
            parser.parse(data)
        except MingluError:
            return

    # Atheris ends the process itself, with a report where something was raised.
    atheris.Setup([sys.argv[0], f"-max_total_time={chosen.seconds}"], one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
