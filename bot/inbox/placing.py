"""A position that a person sent, as the message that it stands for."""

from __future__ import annotations

from bot.inbox.channel import Incoming, UnreadableMessage
from bot.inbox.phrases import Phrases


def placed(city: str | None, phrases: Phrases) -> Incoming:
    """`city`: the nearest prefecture, if any is near. Raises UnreadableMessage."""
    if not city:
        raise UnreadableMessage("far_away")
    return Incoming(text=f"我在{city}", preface=phrases.say("nearest", city=city))
