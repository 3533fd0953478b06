"""WeChat's cloud on loopback: its interfaces with their return codes, its posts with retries."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.wechat.callback import parse_fields
from bot.wechat.crypto import WechatCipher, check_signature, signature

TOKEN, AES_KEY, ID, SECRET = "a-token", "a" * 43, "gh_minglu", "app-secret-0123"
TRIES = 3


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Platform:
    """`async with Platform() as wechat`. People act through `say` and `post`."""

    door_port: int = field(default_factory=free_port)
    aes: bool = False
    patience_s: float = 5.0
    """Seconds until it posts again."""
    faults: list[int] = field(default_factory=list)
    """What the next sendings are answered with: an errcode, or 500 for a server in trouble."""
    typing_errcode: int = 0
    """What the typing sign is answered with; 48001: the account is not verified."""
    secret: str = SECRET
    sent: list[dict[str, Any]] = field(default_factory=list)
    menu: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    retries: int = 0

    async def __aenter__(self) -> Platform:
        self._port = free_port()
        routes = [
            Route("/cgi-bin/stable_token", self._official_token, methods=["POST"]),
            Route("/cgi-bin/gettoken", self._wecom_token),
            Route("/cgi-bin/message/custom/send", self._send, methods=["POST"]),
            Route("/cgi-bin/message/custom/typing", self._typing, methods=["POST"]),
            Route("/cgi-bin/message/send", self._send, methods=["POST"]),
            Route("/cgi-bin/menu/create", self._menu, methods=["POST"]),
        ]
        app = Starlette(routes=routes)
        config = uvicorn.Config(app, port=self._port, ws="none", lifespan="off", log_config=None)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            assert not self._serving.done(), "the platform did not start"
            await asyncio.sleep(0.01)
        self._http = httpx.AsyncClient(trust_env=False)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()
        self._server.should_exit = True
        await self._serving

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def cipher(self) -> WechatCipher | None:
        return WechatCipher(AES_KEY, ID) if self.aes else None

    # What people and the platform do.

    async def say(self, text: str, message_id: int, person: str = "o-1") -> str:
        """The text shown in the open post, or nothing; posts again as the platform does."""
        fields = {"MsgType": "text", "Content": text, "MsgId": str(message_id)}
        for attempt in range(TRIES):
            self.retries += attempt > 0
            try:
                response = await self.post(fields, person)
            except httpx.TimeoutException:
                continue
            if response.status_code == 200:
                return self.shown(response.text)
        return ""

    async def post(
        self, fields: dict[str, str], person: str = "o-1", **wrong: Any
    ) -> httpx.Response:
        body = self.body(fields, person)
        query = self.query(body, **wrong)
        return await self._http.post(
            self.door, params=query, content=body.encode(), timeout=self.patience_s
        )

    async def get(self, **query: str) -> httpx.Response:
        return await self._http.get(self.door, params=query)

    async def raw(self, query: dict[str, str], body: str) -> httpx.Response:
        return await self._http.post(self.door, params=query, content=body.encode())

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.door_port}/wechat"

    def body(self, fields: dict[str, str], person: str = "o-1") -> str:
        every = {
            "ToUserName": ID,
            "FromUserName": person,
            "CreateTime": str(int(time.time())),
            **fields,
        }
        inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in every.items())
        plain = f"<xml>{inner}</xml>"
        if self.cipher is None:
            return plain
        return f"<xml><Encrypt>{self.cipher.seal(plain)}</Encrypt></xml>"

    def query(self, body: str, token: str = TOKEN, at: int | None = None) -> dict[str, str]:
        moment = str(int(time.time()) if at is None else at)
        nonce = secrets.token_hex(5)
        sealed = [parse_fields(body)["Encrypt"]] if self.aes else []
        name = "msg_signature" if self.aes else "signature"
        return {
            name: signature(token, moment, nonce, *sealed), "timestamp": moment, "nonce": nonce
        }  # fmt: skip

    def shown(self, answer: str) -> str:
        """The text of a reply, its signature checked as the platform checks it."""
        if answer in ("", "success"):
            return ""
        fields = parse_fields(answer)
        if self.cipher is not None:
            check_signature(
                fields["MsgSignature"], TOKEN, fields["TimeStamp"], fields["Nonce"],
                fields["Encrypt"],
            )  # fmt: skip
            fields = parse_fields(self.cipher.open(fields["Encrypt"]))
        assert len(fields["Content"].encode()) <= 2048
        return fields["Content"]

    async def received(self, how_many: int, within_s: float = 10) -> list[str]:
        """Customer-service messages, once there are so many."""

        async def wait() -> None:
            while len(self.sent) < how_many:
                await asyncio.sleep(0.02)

        await asyncio.wait_for(wait(), within_s)
        return [message["text"]["content"] for message in self.sent]

    # The interfaces.

    async def _official_token(self, request: Request) -> Response:
        asked = await request.json()
        return self._token(asked["appid"], asked["secret"])

    async def _wecom_token(self, request: Request) -> Response:
        return self._token(request.query_params["corpid"], request.query_params["corpsecret"])

    def _token(self, account: str, secret: str) -> Response:
        if account != ID:
            return JSONResponse({"errcode": 40013, "errmsg": "invalid appid"})
        if secret != self.secret:
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        self.tokens.append(secrets.token_hex(16))
        return JSONResponse({"access_token": self.tokens[-1], "expires_in": 7200})

    async def _send(self, request: Request) -> Response:
        refused = self._refusal(request)
        if refused is not None:
            return refused
        message = json.loads(await request.body())
        assert len(message["text"]["content"].encode()) <= 2048
        self.sent.append(message)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    async def _typing(self, request: Request) -> Response:
        return JSONResponse({"errcode": self.typing_errcode, "errmsg": "told"})

    async def _menu(self, request: Request) -> Response:
        self.menu = (await request.json())["button"]
        return JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _refusal(self, request: Request) -> Response | None:
        if request.query_params.get("access_token") != self.tokens[-1]:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential"})
        if not self.faults:
            return None
        code = self.faults.pop(0)
        if code == 42001:
            self.tokens.append("expired")
        if code == 500:
            return Response(status_code=500)
        return JSONResponse({"errcode": code, "errmsg": "refused"})
