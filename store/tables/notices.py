"""Tables of notices, their versions and their clauses."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from store.database import Moment, mapper_registry

metadata = mapper_registry.metadata

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuer", String(200), nullable=False, server_default=""),
    Column("issued", Date),
    Column("region", String(60), nullable=False, server_default=""),
    Column("effective", Date),
    Column("expires", Date),
    # Said by an operator or by another notice's text; holds for every version.
    Column("repealed", Date),
    Column("abridged", Boolean(create_constraint=False), nullable=False),
    Column("defers_to", Text, nullable=False, server_default="[]"),
    Column("repeals", Text, nullable=False, server_default="[]"),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("file_name", String(255), nullable=False, server_default=""),
    # The bytes as they were added: the parsed text can always be checked against them.
    Column("source", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("number", "version"),
    CheckConstraint("version >= 1", name="version"),
)

notice_clauses = Table(
    "notice_clauses",
    metadata,
    Column("notice_id", Integer, ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("path", String(200), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("parent", String(200)),
    Column("leaf", Boolean(create_constraint=False), nullable=False, server_default=true()),
    Column("text", Text, nullable=False),
    Column("departments", Text, nullable=False, server_default="[]"),
    Column("facts", Text, nullable=False, server_default="{}"),
    Index("ix_notice_clauses_path", "path"),
)

notice_revisions = Table(
    "notice_revisions",
    metadata,
    # One row: a number that grows with each change, so that a process that has been running for
    # weeks sees cheaply that it must load anew.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
)
