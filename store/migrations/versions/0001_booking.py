"""Courses, places, people, bookings and what surrounds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=20), server_default="", nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("slot_id", sa.String(length=64), nullable=True),
        sa.Column("from_status", sa.String(length=12), server_default="", nullable=False),
        sa.Column("to_status", sa.String(length=12), server_default="", nullable=False),
        sa.Column("facts", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_booking_id", "audit", ["booking_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("name", name=op.f("uq_courses_name")),
    )
    op.create_table(
        "lookup_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker_hash", sa.String(length=64), nullable=False),
        sa.Column("reference_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup_attempts")),
    )
    op.create_index(
        "ix_lookup_attempts_asker_hash", "lookup_attempts", ["asker_hash", "at"], unique=False
    )
    op.create_index(
        "ix_lookup_attempts_reference_hash",
        "lookup_attempts",
        ["reference_hash", "at"],
        unique=False,
    )

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("identity_hash", name=op.f("uq_people_identity_hash")),
    )
    op.create_index("ix_people_phone_hash", "people", ["phone_hash"], unique=False)

    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("summary_sealed", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('open', 'taken', 'closed')", name=op.f("ck_tickets_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(
        "uq_tickets_open",
        "tickets",
        ["conversation"],
        unique=True,
        sqlite_where=sa.text("status <> 'closed'"),
        postgresql_where=sa.text("status <> 'closed'"),
    )

    op.create_table(
        "training_slots",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("book_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("access", sa.Text(), server_default="", nullable=False),
        sa.Column("audience", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.String(length=12), server_default="open", nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'cancelled')", name=op.f("ck_training_slots_status")
        ),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_training_slots_capacity")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_training_slots_times")),
        sa.CheckConstraint(
            "taken >= 0 AND taken <= capacity", name=op.f("ck_training_slots_taken")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_training_slots_course_id_courses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_slots")),
    )
    op.create_index("ix_training_slots_course_id", "training_slots", ["course_id"], unique=False)
    op.create_index("ix_training_slots_starts_at", "training_slots", ["starts_at"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("slot_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("companion", sa.Boolean(), nullable=False),
        sa.Column("access_needs_sealed", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("booked_by", sa.String(length=10), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "status <> 'held' OR held_until IS NOT NULL", name=op.f("ck_bookings_held_until")
        ),
        sa.CheckConstraint(
            "status <> 'waitlisted' OR queue_number IS NOT NULL", name=op.f("ck_bookings_queue")
        ),
        sa.CheckConstraint(
            "status IN ('held', 'confirmed', 'waitlisted', 'cancelled')",
            name=op.f("ck_bookings_status"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_bookings_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["training_slots.id"], name=op.f("fk_bookings_slot_id_training_slots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("reference", name=op.f("uq_bookings_reference")),
        sa.UniqueConstraint("slot_id", "queue_number", name="uq_bookings_queue"),
    )
    op.create_index("ix_bookings_conversation", "bookings", ["conversation"], unique=False)
    op.create_index("ix_bookings_person_id", "bookings", ["person_id"], unique=False)
    op.create_index("ix_bookings_slot_id_status", "bookings", ["slot_id", "status"], unique=False)
    op.create_index(
        "uq_bookings_live",
        "bookings",
        ["person_id", "slot_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled'"),
        postgresql_where=sa.text("status <> 'cancelled'"),
    )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("occasion", sa.String(length=60), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(length=80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_outbox_booking_id_bookings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("booking_id", "kind", "occasion", name="uq_outbox_occasion"),
    )
    op.create_index("ix_outbox_due", "outbox", ["sent_at", "not_before"], unique=False)

    op.create_table(
        "request_keys",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_request_keys_booking_id_bookings")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_request_keys")),
    )
    op.create_index("ix_request_keys_booking_id", "request_keys", ["booking_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_request_keys_booking_id", table_name="request_keys")

    op.drop_table("request_keys")
    op.drop_index("ix_outbox_due", table_name="outbox")

    op.drop_table("outbox")
    op.drop_index("uq_bookings_live", table_name="bookings")
    op.drop_index("ix_bookings_slot_id_status", table_name="bookings")
    op.drop_index("ix_bookings_person_id", table_name="bookings")
    op.drop_index("ix_bookings_conversation", table_name="bookings")

    op.drop_table("bookings")
    op.drop_index("ix_training_slots_starts_at", table_name="training_slots")
    op.drop_index("ix_training_slots_course_id", table_name="training_slots")

    op.drop_table("training_slots")
    op.drop_index("uq_tickets_open", table_name="tickets")

    op.drop_table("tickets")
    op.drop_index("ix_people_phone_hash", table_name="people")

    op.drop_table("people")
    op.drop_index("ix_lookup_attempts_reference_hash", table_name="lookup_attempts")
    op.drop_index("ix_lookup_attempts_asker_hash", table_name="lookup_attempts")

    op.drop_table("lookup_attempts")
    op.drop_table("courses")
    op.drop_index("ix_audit_booking_id", table_name="audit")

    op.drop_table("audit")
