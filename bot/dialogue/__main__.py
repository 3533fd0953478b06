"""`python -m bot.dialogue run …`: Rasa's server, with what ours needs of it in a fault.

Rasa answers on an empty memory where its tracker store fails; here such a turn fails. A model that
does not load leaves Rasa mute; here the last good one serves.
"""

from __future__ import annotations

import gc
import logging
import sys
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any

from rasa.core import run
from rasa.core.agent import Agent, load_agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain

from bot.dialogue import action_servers
from runtime.models import models_to_try, remember_good

log = logging.getLogger(__name__)


def own_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
    """The store itself, not Rasa's wrapper that forgets where the store cannot be reached."""
    if store is None:
        return InMemoryTrackerStore(domain)
    store.domain = domain
    return store


async def load_good_model(
    model_path: str, endpoints: Any, _remote: Any, app: Any, loop: AbstractEventLoop
) -> Agent:
    """The named model, or else the last one that served. Raises SystemExit where none loads."""
    for model in models_to_try(Path(model_path)):
        agent = await load_agent(model_path=str(model), endpoints=endpoints, loop=loop)
        if agent.is_ready():
            remember_good(model)
            app.ctx.agent = agent
            _set_aside()
            log.warning("serving the model %s", model.name)
            return agent
        log.error("the model %s does not load; trying the one before", model.name)
    raise SystemExit(f"no model loads; make one with `minglu train --force` ({model_path})")


def _set_aside() -> None:
    """What is loaded stays: looking through all of it for garbage would hold a turn up."""
    gc.collect()
    gc.freeze()


def main() -> None:
    Agent._create_tracker_store = staticmethod(own_tracker_store)
    run.load_agent_on_start = load_good_model
    action_servers.install()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
