"""Stock Rasa's own command line, without our repair of its calls of actions.

The model's components install that repair when they load; here installing does nothing, so that
Rasa calls actions the way it ships.
"""

from __future__ import annotations

import sys

from bot.nlu import action_calls


def _leave_as_shipped() -> None:
    """Installs nothing."""


def main() -> None:
    action_calls.install = _leave_as_shipped
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
