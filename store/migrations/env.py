"""Alembic's entry: works on the connection that `store.migrate` hands over."""

from __future__ import annotations

from alembic import context

import store.tables  # noqa: F401 - fills the metadata
from store.database import mapper_registry

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=mapper_registry.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
