"""Tables of the desk: accounts, sessions, the trail, messages of people, work orders."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(40), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    # scrypt$n$r$p$salt$hash: the cost may rise without anybody losing their password.
    Column("password_hash", String(200), nullable=False),
    Column("locked", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("must_change", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("role IN ('agent', 'manager', 'admin')", name="role"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    # SHA-256 of the cookie: who reads the table cannot sign in with it.
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Integer, ForeignKey("staff.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index("ix_staff_sessions_staff_id", "staff_id"),
)

staff_tries = Table(
    "staff_tries",
    metadata,
    # Keyed hash of the name as it was typed, whether or not such an account is there.
    Column("name_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("wait_until", Moment, nullable=False),
)

staff_trail = Table(
    "staff_trail",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    # By name, not by id: the line outlives the account.
    Column("who", String(40), nullable=False),
    Column("event", String(40), nullable=False),
    Column("subject", String(64), nullable=False, server_default=""),
    Index("ix_staff_trail_at", "at"),
)

human_messages = Table(
    "human_messages",
    metadata,
    # Ascending in the order in which they were written.
    Column("id", Integer, primary_key=True),
    Column("conversation", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    # The account that wrote it; empty for the person in the conversation.
    Column("staff", String(40), nullable=False, server_default=""),
    Column("text_sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    # When the person got it; for what the person wrote, the time of writing.
    Column("delivered_at", Moment, nullable=True),
    # Who writes one twice, writes it once.
    Column("key", String(64), nullable=False, unique=True),
    Index("ix_human_messages_conversation", "conversation", "id"),
    Index("ix_human_messages_waiting", "channel", "delivered_at"),
)

work_orders = Table(
    "work_orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("staff", String(40), nullable=False),
    Column("status", String(12), nullable=False),
    # Keyed hash of the caller's phone; empty where none was given.
    Column("phone_hash", String(64), nullable=False, server_default=""),
    Column("body_sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    CheckConstraint("status IN ('draft', 'saved', 'done')", name="status"),
    Index("ix_work_orders_phone_hash", "phone_hash"),
    Index("ix_work_orders_staff", "staff", "status"),
)
