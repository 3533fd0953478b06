"""Stock Rasa's own command line, with the repair of its schema check left out.

The model's components install that repair when they load; here installing does nothing, so that
Rasa validates an action's answer the way it ships.
"""

from __future__ import annotations

import sys

from bot.nlu import fast_validation


def _leave_as_shipped() -> None:
    """Installs nothing."""


def main() -> None:
    fast_validation.install = _leave_as_shipped
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
