"""Rasa's small values are copied and found as Rasa does it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def installed() -> Iterator[None]:
    from rasa.shared.core.events import Event
    from rasa.shared.core.slots import Slot

    from bot.nlu import tracker_values

    before = Event.__dict__["resolve_by_type"]
    tracker_values.install()
    yield
    Event.resolve_by_type = before
    del Slot.__copy__  # type: ignore[attr-defined]


def test_a_copied_slot_has_the_same_and_changes_alone(installed: None) -> None:
    from rasa.shared.core.slots import AnySlot, CategoricalSlot

    for slot in (
        AnySlot("a", mappings=[{"type": "custom"}], initial_value=[1], value_reset_delay=2),
        CategoricalSlot("c", mappings=[], values=["x"], influence_conversation=True),
    ):
        other: Any = copy.copy(slot)
        assert type(other) is type(slot) and other.__dict__ == slot.__dict__
        other.value = "new"
        other.extra = 1
        assert slot.value != "new" and not hasattr(slot, "extra")


def test_a_class_of_events_is_found_by_its_name(installed: None) -> None:
    from rasa.shared.core.events import Event, SlotSet, UserUttered
    from rasa.shared.utils.common import all_subclasses

    for _ in range(2):
        for one in all_subclasses(Event):
            assert Event.resolve_by_type(one.type_name).type_name == one.type_name
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("no such", UserUttered) is UserUttered
    assert Event.resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such")


def test_a_class_that_comes_later_is_found_too(installed: None) -> None:
    from rasa.shared.core.events import Event, SlotSet

    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("later")
    later: Any = type("Later", (SlotSet,), {"type_name": "later"})
    assert Event.resolve_by_type("later") is later
    assert Event.resolve_by_type("slot") is SlotSet
