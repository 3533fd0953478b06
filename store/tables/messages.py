"""Tables of the messengers: deliveries, chats with their wishes, choices behind buttons."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, false

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

deliveries = Table(
    "message_deliveries",
    metadata,
    # Ascending in the order of receipt, which is the order of answering.
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("message_id", String(120), nullable=False),
    Column("conversation", String(200), nullable=False),
    # Empty once it is answered.
    Column("content_sealed", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("answered_at", Moment, nullable=True),
    Index("uq_message_deliveries", "channel", "message_id", unique=True),
    Index("ix_message_deliveries_answered_at", "channel", "answered_at"),
)

contacts = Table(
    "message_contacts",
    metadata,
    Column("conversation", String(200), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("address_sealed", Text, nullable=False),
    Column(
        "voice_replies", Boolean(create_constraint=False), nullable=False, server_default=false()
    ),
    Column("plain", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("blocked_at", Moment, nullable=True),
    # The choices that a bare number picks from; empty where none are open.
    Column("offer", String(32), nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
)

choices = Table(
    "message_choices",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("conversation", String(200), nullable=False),
    Column("offer", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", String(200), nullable=False),
    Column("payload", String(200), nullable=False),
    Column("offered_at", Moment, nullable=False),
    Index("ix_message_choices_offer", "offer"),
    Index("ix_message_choices_offered_at", "offered_at"),
)
