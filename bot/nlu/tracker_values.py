"""Rasa's small values, without what makes them slow.

A turn copies every slot half a dozen times, by Python's general way of copying, and looks each
event's class up by walking through all classes of events. The copies and the classes stay.
"""

from __future__ import annotations

from typing import Any, TypeVar

from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

T = TypeVar("T", bound=Slot)

_walk = Event.resolve_by_type
_classes: dict[str, type[Event]] = {}


def copied(slot: T) -> T:
    """A slot with the same attributes, as `copy.copy` makes it."""
    other = object.__new__(type(slot))
    other.__dict__.update(slot.__dict__)
    return other


def class_of(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of events of that name, else the default; an unknown one raises as Rasa does."""
    found = _classes.get(type_name)
    if found is None:
        resolved: Any = _walk(type_name, default)
        if resolved is None or resolved.type_name != type_name:
            return resolved  # type: ignore[no-any-return]
        found = _classes[type_name] = resolved
    return found


def install() -> None:
    """Puts both in place; a second call changes nothing."""
    Slot.__copy__ = copied  # type: ignore[attr-defined]
    Event.resolve_by_type = staticmethod(class_of)  # type: ignore[method-assign]
