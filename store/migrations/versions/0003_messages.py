"""Deliveries, chats and choices of the messengers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("content_sealed", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_deliveries")),
    )
    op.create_index(
        "uq_message_deliveries", "message_deliveries", ["channel", "message_id"], unique=True
    )
    op.create_index(
        "ix_message_deliveries_answered_at",
        "message_deliveries",
        ["channel", "answered_at"],
        unique=False,
    )
    op.create_table(
        "message_contacts",
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=False),
        sa.Column("voice_replies", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("plain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offer", sa.String(length=32), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_message_contacts")),
    )
    op.create_table(
        "message_choices",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("offer", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.String(length=200), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_choices")),
    )
    op.create_index("ix_message_choices_offer", "message_choices", ["offer"], unique=False)
    op.create_index(
        "ix_message_choices_offered_at", "message_choices", ["offered_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("message_choices")
    op.drop_table("message_contacts")
    op.drop_table("message_deliveries")
