"""`python -m bot.dialogue.trial MODEL QUESTION`: loads a model and names the intent it finds."""

from __future__ import annotations

import asyncio
import sys

from rasa.core.agent import Agent


def main() -> int:
    model, question = sys.argv[1:]
    agent = Agent.load(model_path=model)
    if not agent.is_ready():
        sys.stderr.write("it does not load\n")
        return 1
    found = asyncio.run(agent.parse_message(question))
    intent = str((found.get("intent") or {}).get("name") or "")
    sys.stdout.write(intent + "\n")
    return 0 if intent else 1


if __name__ == "__main__":
    sys.exit(main())
