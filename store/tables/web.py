"""Tables of the web: turns that pages show, ratings, and questions left open."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

web_turns = Table(
    "web_turns",
    metadata,
    # Ascending in the order of claiming.
    Column("id", Integer, primary_key=True),
    Column("conversation", String(200), nullable=False),
    Column("message_id", String(120), nullable=False),
    # Empty while the message is being answered.
    Column("content_sealed", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("uq_web_turns", "conversation", "message_id", unique=True),
    Index("ix_web_turns_at", "at"),
)

ratings = Table(
    "answer_ratings",
    metadata,
    Column("id", Integer, primary_key=True),
    # A keyed hash of conversation and message: tells two answers apart, leads back to neither.
    Column("answer_hash", String(64), nullable=False, unique=True),
    Column("day", Date, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("helpful", Boolean(create_constraint=False), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("clause", String(200), nullable=False),
    Index("ix_answer_ratings_day", "day"),
)

open_questions = Table(
    "open_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_hash", String(64), nullable=False, unique=True),
    Column("day", Date, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("text_sealed", Text, nullable=False),
    Index("ix_open_questions_day", "day"),
)
