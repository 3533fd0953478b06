"""A messenger's door for posts: HTTP behind the operator's own proxy."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn


async def listen(app: Any, port: int, host: str = "127.0.0.1") -> None:
    """Serves an ASGI application until it is cancelled, by default to this machine only."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    server = uvicorn.Server(config)
    try:
        await server.serve()
    except asyncio.CancelledError:
        # Cancelled from outside, it would leave its port open.
        await server.shutdown()
        raise
