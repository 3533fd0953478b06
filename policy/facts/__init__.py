"""Typed facts taken from a clause's text by rules that hold for any notice."""

from policy.facts.extraction import with_facts

__all__ = ["with_facts"]
