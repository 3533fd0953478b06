"""Tables of the desk's managers: what is looked at before it holds, and counts of each day."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

drafts = Table(
    "desk_drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(12), nullable=False),
    # The account that uploaded it; nobody else sees it.
    Column("staff", String(40), nullable=False),
    Column("file_name", String(255), nullable=False),
    # The file's bytes as they came: a notice is kept with them.
    Column("source", LargeBinary, nullable=False),
    # What was read from it, as JSON. Neither a notice nor a list of dates names a person.
    Column("content", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_desk_drafts_created_at", "created_at"),
)

daily_counts = Table(
    "daily_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("channel", String(20), primary_key=True),
    # How a message of a person was answered; empty for a step of a conversation.
    Column("kind", String(20), primary_key=True),
    Column("reason", String(24), primary_key=True),
    Column("count", Integer, nullable=False),
)
