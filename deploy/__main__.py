"""`python -m deploy render`: writes deploy/rendered/ from deploy/topology.yml.

Usage: python -m deploy render|check
"""

from __future__ import annotations

import sys

from deploy.render import RENDERED, render
from deploy.topology import read_topology


def differences() -> list[str]:
    """Rendered files that do not follow from the topology, and those that do not belong."""
    wanted = render(read_topology())
    here = {str(path.relative_to(RENDERED)) for path in RENDERED.rglob("*") if path.is_file()}
    stale = [
        name
        for name, text in wanted.items()
        if name not in here or (RENDERED / name).read_text(encoding="utf-8") != text
    ]
    return sorted([*stale, *(here - wanted.keys())])


def write() -> None:
    wanted = render(read_topology())
    for path in RENDERED.rglob("*"):
        if path.is_file() and str(path.relative_to(RENDERED)) not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = RENDERED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    if arguments == ["render"]:
        write()
        return 0
    if arguments == ["check"]:
        for name in differences():
            print(f"deploy/rendered/{name} does not follow from topology.yml")
        return 1 if differences() else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
