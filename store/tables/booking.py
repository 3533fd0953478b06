"""Tables of courses, places, people and bookings. Times are aware, stored in UTC."""

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
    UniqueConstraint,
    false,
    text,
)

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

courses = Table(
    "courses",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("sample", Boolean(create_constraint=False), nullable=False, server_default=false()),
)

training_slots = Table(
    "training_slots",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("course_id", String(64), ForeignKey("courses.id"), nullable=False),
    Column("city", String(60), nullable=False),
    Column("venue", String(200), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("book_by", Moment, nullable=False),
    Column("capacity", Integer, nullable=False),
    # Held and confirmed places. Kept beside the bookings so that one conditional UPDATE decides
    # who gets the last one, and a CHECK makes overselling impossible whatever the code does.
    Column("taken", Integer, nullable=False, server_default="0"),
    Column("access", Text, nullable=False, server_default=""),
    Column("audience", Text, nullable=False, server_default=""),
    Column("status", String(12), nullable=False, server_default="open"),
    Column("sample", Boolean(create_constraint=False), nullable=False, server_default=false()),
    CheckConstraint("capacity >= 0", name="capacity"),
    CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
    CheckConstraint("status IN ('open', 'cancelled')", name="status"),
    CheckConstraint("ends_at > starts_at", name="times"),
    Index("ix_training_slots_starts_at", "starts_at"),
    Index("ix_training_slots_course_id", "course_id"),
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    # Keyed hash of phone (or conversation, where there is no phone) and name.
    Column("identity_hash", String(64), nullable=False, unique=True),
    Column("phone_hash", String(64), nullable=False),
    Column("name_sealed", Text, nullable=False),
    Column("phone_sealed", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_people_phone_hash", "phone_hash"),
)

bookings = Table(
    "bookings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("slot_id", String(64), ForeignKey("training_slots.id"), nullable=False),
    # Empty once the person was erased.
    Column("person_id", Integer, ForeignKey("people.id"), nullable=True),
    Column("status", String(12), nullable=False),
    Column("companion", Boolean(create_constraint=False), nullable=False),
    Column("access_needs_sealed", Text, nullable=False, server_default=""),
    Column("channel", String(20), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("booked_by", String(10), nullable=False),
    Column("consent_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("held_until", Moment, nullable=True),
    # True for a hold that the waitlist was offered.
    Column("offered", Boolean(create_constraint=False), nullable=False, server_default=false()),
    # Place in line: ascending within a slot, kept after the person left it.
    Column("queue_number", Integer, nullable=True),
    # Counts the changes that a calendar must learn (ICS SEQUENCE).
    Column("sequence", Integer, nullable=False, server_default="0"),
    CheckConstraint("status IN ('held', 'confirmed', 'waitlisted', 'cancelled')", name="status"),
    CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name="held_until"),
    CheckConstraint("status <> 'waitlisted' OR queue_number IS NOT NULL", name="queue"),
    UniqueConstraint("slot_id", "queue_number", name="uq_bookings_queue"),
    Index("ix_bookings_slot_id_status", "slot_id", "status"),
    Index("ix_bookings_conversation", "conversation"),
    Index("ix_bookings_person_id", "person_id"),
    Index(
        "uq_bookings_live",
        "person_id",
        "slot_id",
        unique=True,
        sqlite_where=text("status <> 'cancelled'"),
        postgresql_where=text("status <> 'cancelled'"),
    ),
)

request_keys = Table(
    "request_keys",
    metadata,
    # SHA-256 of operation and key: one length, and nobody's chat id.
    Column("digest", String(64), primary_key=True),
    Column("booking_id", Integer, ForeignKey("bookings.id"), nullable=True),
    Column("created_at", Moment, nullable=False),
    Index("ix_request_keys_booking_id", "booking_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("event", String(24), nullable=False),
    Column("actor", String(12), nullable=False),
    Column("channel", String(20), nullable=False, server_default=""),
    Column("booking_id", Integer, nullable=True),
    Column("slot_id", String(64), nullable=True),
    Column("from_status", String(12), nullable=False, server_default=""),
    Column("to_status", String(12), nullable=False, server_default=""),
    Column("facts", Text, nullable=False, server_default=""),
    Index("ix_audit_booking_id", "booking_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("booking_id", Integer, ForeignKey("bookings.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("conversation", String(200), nullable=False),
    # One message of a kind for one change of one booking, however often it is asked for.
    Column("occasion", String(60), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("leased_until", Moment, nullable=True),
    Column("sent_at", Moment, nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", String(80), nullable=False, server_default=""),
    UniqueConstraint("booking_id", "kind", "occasion", name="uq_outbox_occasion"),
    Index("ix_outbox_due", "sent_at", "not_before"),
)

attempts = Table(
    "lookup_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asker_hash", String(64), nullable=False),
    Column("reference_hash", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_lookup_attempts_asker_hash", "asker_hash", "at"),
    Index("ix_lookup_attempts_reference_hash", "reference_hash", "at"),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("conversation", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("topic", String(24), nullable=False),
    Column("summary_sealed", Text, nullable=False),
    Column("urgent", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("status", String(12), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    # The account at the desk that talks to the person now; meanwhile the assistant is silent.
    Column("taken_by", String(40), nullable=False, server_default=""),
    CheckConstraint("status IN ('open', 'taken', 'closed')", name="status"),
    Index(
        "uq_tickets_open",
        "conversation",
        unique=True,
        sqlite_where=text("status <> 'closed'"),
        postgresql_where=text("status <> 'closed'"),
    ),
)
