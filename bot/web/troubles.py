"""What went wrong, said in the form the asker reads: a page, a piece of a page, or JSON."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.web.protection import HEADERS
from bot.web.views import Views
from core.errors import MingluError, UnknownNotice, UnknownOrder, UnknownTicket

log = logging.getLogger("minglu.web")

_CODES = {400: "bad_request", 404: "not_found", 405: "not_found", 413: "too_large"}


def is_piece(request: Request) -> bool:
    """Whether our own script asks for a piece of a page instead of a whole one."""
    return request.headers.get("x-piece") == "1"


def refusal(code: str, message: str, status: int) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


class Troubles:
    def __init__(self, views: Views) -> None:
        self._views = views

    def handlers(self) -> dict[Any, Any]:
        return {
            HTTPException: self.known,
            MingluError: self.ours,
            Exception: self.unexpected,
        }

    async def known(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - Starlette's signature is wider
        code = _CODES.get(error.status_code, "error")
        return self.say(request, code, error.status_code, headers=dict(error.headers or {}))

    async def ours(self, request: Request, error: Exception) -> Response:
        if isinstance(error, (UnknownNotice, UnknownOrder, UnknownTicket)):
            return self.say(request, error.code, 404)
        return self._logged(request, error, 503)

    async def unexpected(self, request: Request, error: Exception) -> Response:
        return self._logged(request, error, 500)

    def too_fast(self, request: Request, retry_after_s: int) -> Response:
        headers = {"retry-after": str(retry_after_s)}
        return self.say(request, "too_many", 429, headers, retry_after=retry_after_s)

    def _logged(self, request: Request, error: Exception, status: int) -> Response:
        """The page shows an id that the log has too; neither says what the person wrote."""
        identity = secrets.token_hex(4)
        log.error("trouble %s: %s at %s", identity, type(error).__name__, request.scope.get("path"))
        # This answer may be made outside the layer that sets the headers.
        return self.say(request, "error", status, HEADERS, identity=identity)

    def say(
        self,
        request: Request,
        code: str,
        status: int,
        headers: dict[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        message = self._views.phrases.trouble(code, **facts)
        if request.url.path.startswith("/api/"):
            response: Response = refusal(code, message, status)
        else:
            template = "piece_trouble.html" if is_piece(request) else "trouble.html"
            home = "/desk" if request.url.path.startswith("/desk") else "/"
            seen = {"message": message, "identity": facts.get("identity"), "home": home}
            response = self._views.page(request, template, seen, status=status)
        response.headers.update(headers or {})
        return response
