"""Stock Rasa's own command line, without our repairs of its calls, its graph and its values.

The model's components install those when they load; here installing does nothing, so that
Rasa works the way it ships.
"""

from __future__ import annotations

import sys

from bot.nlu import action_calls, graph_runs, tracker_values


def _leave_as_shipped() -> None:
    """Installs nothing."""


def main() -> None:
    action_calls.install = _leave_as_shipped
    graph_runs.install = _leave_as_shipped
    tracker_values.install = _leave_as_shipped
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
