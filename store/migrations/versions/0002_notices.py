"""Notices, their versions and clauses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.String(length=200), server_default="", nullable=False),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("region", sa.String(length=60), server_default="", nullable=False),
        sa.Column("effective", sa.Date(), nullable=True),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("repealed", sa.Date(), nullable=True),
        sa.Column("abridged", sa.Boolean(), nullable=False),
        sa.Column("defers_to", sa.Text(), server_default="[]", nullable=False),
        sa.Column("repeals", sa.Text(), server_default="[]", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), server_default="", nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notices_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_notices_number")),
        sa.UniqueConstraint("sha256", name=op.f("uq_notices_sha256")),
    )
    op.create_table(
        "notice_clauses",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=True),
        sa.Column("leaf", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("departments", sa.Text(), server_default="[]", nullable=False),
        sa.Column("facts", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_notice_clauses_notice_id_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "position", name=op.f("pk_notice_clauses")),
    )
    op.create_index("ix_notice_clauses_path", "notice_clauses", ["path"], unique=False)
    op.create_table(
        "notice_revisions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_revisions")),
    )


def downgrade() -> None:
    op.drop_table("notice_revisions")
    op.drop_index("ix_notice_clauses_path", table_name="notice_clauses")
    op.drop_table("notice_clauses")
    op.drop_table("notices")
