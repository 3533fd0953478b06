"""Who may call actions: the other parts, by the token that they share."""

from __future__ import annotations

import hmac
from typing import Any

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json


def demand_token(app: Sanic, token: str) -> None:
    """Sends away who calls without it, health checks apart. An empty token demands nothing."""
    if not token:
        return

    async def look(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        shown: Any = request.token or request.args.get("token") or ""
        if hmac.compare_digest(str(shown).encode(), token.encode()):
            return None
        return json({"error": "this door needs the parts' token"}, status=401)

    app.register_middleware(look, "request")
