"""The platform's own interfaces: access token, customer-service messages, menu.

Source: the published interfaces of Official Accounts and of WeCom. Both answer with an `errcode`;
an access token lasts two hours and may end earlier.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import httpx

from bot.inbox.channel import ShutOut
from core.errors import ConfigurationError, MingluError
from runtime.settings import Settings

log = logging.getLogger(__name__)

API_URLS = {"official": "https://api.weixin.qq.com", "wecom": "https://qyapi.weixin.qq.com"}
_LONGEST_PAUSE_S = 30.0
_RENEW_BEFORE_S = 300.0
_TOKEN_IS_OVER = frozenset({40001, 40014, 42001})
_OUT_OF_REACH = frozenset({43004, 45015, 45047, 40003, 81013, 60111})
"""Not a follower, 48 hours or five messages after the last word, an unknown person."""
_NEVER_TAKEN = frozenset({44004, 45002, 47001, 87014})
"""Empty, too long, unreadable or refused texts: trying again changes nothing."""
_NO_RIGHT = frozenset({48001, 48004, 50001, 50002})
"""The interface is not the account's, closed to it, or the account is restricted."""
_MENDS = {
    40001: "MINGLU_WECHAT_SECRET is wrong; copy it again from the account's page",
    40013: "MINGLU_WECHAT_ID is not an AppID or CorpID; copy it again from the account's page",
    40125: "MINGLU_WECHAT_SECRET is wrong; copy it again from the account's page",
    40164: "this machine's address is not on the account's IP whitelist; add it there",
    48001: "the account has no right to this interface; it needs to be verified (认证)",
    48004: "the interface is closed to this account; its page says why",
    50001: "the account has no right to this interface; it needs to be verified (认证)",
    50002: "the account is restricted; its page says why",
    60020: "this machine's address is not among the application's trusted IPs; add it there",
}


class PlatformRefused(MingluError):
    """The platform answered with an errcode; the message names cause and mend."""

    code = "wechat_refused"

    def __init__(self, errcode: int) -> None:
        mend = _MENDS.get(errcode, "the platform's list of return codes explains it")
        super().__init__(f"WeChat answers errcode {errcode}: {mend}")
        self.errcode = errcode


class NoRightToSend(PlatformRefused):
    """The account may answer open posts only: it is not verified (认证)."""


class PlatformUnreachable(MingluError):
    """No answer, or none of the published form; it may come later."""

    code = "wechat_unreachable"


class WechatClient:
    """One per process and event loop. Neither token nor text is ever logged or told in errors."""

    def __init__(self, settings: Settings, first_pause_s: float = 0.5) -> None:
        if not settings.wechat_id or not settings.wechat_secret:
            raise ConfigurationError("MINGLU_WECHAT_ID and MINGLU_WECHAT_SECRET must be set")
        if settings.wechat_kind == "wecom" and not settings.wechat_agent.isdigit():
            raise ConfigurationError("MINGLU_WECHAT_AGENT must be the number of the application")
        self._settings = settings
        self._wecom = settings.wechat_kind == "wecom"
        self._first_pause_s = first_pause_s
        self._token, self._token_until = "", 0.0
        self._renewing = asyncio.Lock()
        base = settings.wechat_api_url or API_URLS[settings.wechat_kind]
        self._http = httpx.AsyncClient(base_url=base, timeout=10.0, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def send_text(self, address: str, text: str) -> None:
        """Returns once it is delivered, however long that takes.

        Raises ShutOut, NoRightToSend, and PlatformRefused where no later try could help.
        """
        body: dict[str, Any] = {"touser": address, "msgtype": "text", "text": {"content": text}}
        path = "/cgi-bin/message/custom/send"
        if self._wecom:
            path = "/cgi-bin/message/send"
            body["agentid"] = int(self._settings.wechat_agent)
        pause = self._first_pause_s
        while True:
            try:
                answer = await self._call(path, body)
                break
            except PlatformUnreachable as error:
                log.warning("wechat: %s, trying again in %.1f s", error.code, pause)
            except PlatformRefused as error:
                if error.errcode in _OUT_OF_REACH:
                    raise ShutOut("WeChat lets nothing through to this person") from None
                if error.errcode in _NEVER_TAKEN:
                    raise
                if error.errcode in _NO_RIGHT:
                    log.error("%s", error)
                    raise NoRightToSend(error.errcode) from None
                log.error("%s; trying again in %.1f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_S)
        if answer.get("invaliduser"):
            raise ShutOut("WeCom knows nobody of this name")

    async def show_working(self, address: str) -> None:
        """The typing sign of Official Accounts; never raises."""
        if self._wecom:
            return
        body = {"touser": address, "command": "Typing"}
        try:
            await self._call("/cgi-bin/message/custom/typing", body)
        except MingluError as error:
            log.debug("no typing sign: %s", error.code)

    async def check_right(self) -> None:
        """Whether the account may send by itself, asked without sending anything.

        Raises NoRightToSend, PlatformUnreachable.
        """
        if self._wecom:
            return
        try:
            await self._call("/cgi-bin/message/custom/typing", {"touser": "-", "command": "Typing"})
        except PlatformRefused as error:
            if error.errcode in _NO_RIGHT:
                raise NoRightToSend(error.errcode) from None

    async def create_menu(self, buttons: Sequence[dict[str, Any]]) -> None:
        """Raises PlatformRefused, PlatformUnreachable."""
        more = {"agentid": self._settings.wechat_agent} if self._wecom else {}
        await self._call("/cgi-bin/menu/create", {"button": list(buttons)}, more)

    async def access_token(self, renew: str = "") -> str:
        """The token in use; `renew`: the one that the platform no longer takes.

        Raises PlatformRefused, PlatformUnreachable.
        """
        async with self._renewing:
            if self._token and self._token != renew and time.monotonic() < self._token_until:
                return self._token
            answer = await self._fetch_token(force=bool(renew))
            token = answer.get("access_token")
            if not isinstance(token, str) or not token:
                raise PlatformUnreachable("WeChat gave no access token; try again later")
            lasts = float(answer.get("expires_in") or 0)
            self._token = token
            self._token_until = time.monotonic() + max(60.0, lasts - _RENEW_BEFORE_S)
            return token

    async def _fetch_token(self, force: bool) -> dict[str, Any]:
        here = self._settings
        if self._wecom:
            asked = {"corpid": here.wechat_id, "corpsecret": here.wechat_secret}
            return await self._request("GET", "/cgi-bin/gettoken", params=asked)
        # The stable token is the same for every process that asks for it.
        body = {
            "grant_type": "client_credential",
            "appid": here.wechat_id,
            "secret": here.wechat_secret,
            "force_refresh": force,
        }
        return await self._request("POST", "/cgi-bin/stable_token", json=body)

    async def _call(
        self, path: str, body: dict[str, Any], more: dict[str, str] | None = None
    ) -> dict[str, Any]:
        token = await self.access_token()
        try:
            return await self._request(
                "POST", path, params={"access_token": token, **(more or {})}, json=body
            )
        except PlatformRefused as error:
            if error.errcode not in _TOKEN_IS_OVER:
                raise
        token = await self.access_token(renew=token)
        return await self._request(
            "POST", path, params={"access_token": token, **(more or {})}, json=body
        )

    async def _request(self, method: str, path: str, **parts: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(method, path, **parts)
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            # The error's own text quotes the address with the token: only its kind is told.
            raise PlatformUnreachable(
                f"{self._http.base_url} cannot be reached ({type(error).__name__}); "
                "check this machine's way to it"
            ) from None
        if not isinstance(answer, dict):
            raise PlatformUnreachable("WeChat answered in an unknown form; try again later")
        errcode = int(answer.get("errcode") or 0)
        if errcode == -1:
            raise PlatformUnreachable("WeChat is busy; try again later")
        if errcode:
            raise PlatformRefused(errcode)
        return answer
