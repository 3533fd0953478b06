"""The running channel: posts in, answers and reminders out."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from bot.inbox.inbox import Inbox, InboxParts
from bot.inbox.limits import Allowance
from bot.inbox.listening import listen
from bot.inbox.phrases import load_phrases
from bot.inbox.pushing import Pusher
from bot.wechat.callback import ANSWER_WITHIN_S, Account, Callback, WechatChannel
from bot.wechat.client import WechatClient
from bot.wechat.crypto import WechatCipher
from bot.wechat.door import wechat_app
from bot.wiring import MessengerServices, messenger_services
from core.errors import ConfigurationError
from runtime.settings import Settings

log = logging.getLogger(__name__)


def account_of(settings: Settings) -> Account:
    """Raises ConfigurationError."""
    if not settings.wechat_id or not settings.wechat_token:
        raise ConfigurationError("MINGLU_WECHAT_ID and MINGLU_WECHAT_TOKEN must be set")
    if not settings.wechat_aes_key:
        if settings.wechat_kind == "wecom":
            raise ConfigurationError("WeCom has no plain mode: set MINGLU_WECHAT_AES_KEY")
        return Account(settings.wechat_id, settings.wechat_token)
    cipher = WechatCipher(settings.wechat_aes_key, settings.wechat_id)
    return Account(settings.wechat_id, settings.wechat_token, cipher)


async def serve(
    settings: Settings,
    services: MessengerServices | None = None,
    *,
    answer_within_s: float = ANSWER_WITHIN_S,
    push_every_s: float = 20.0,
    first_pause_s: float = 0.5,
    allowance: Allowance | None = None,
) -> None:
    """Until it is cancelled. Raises ConfigurationError."""
    account = account_of(settings)
    client = WechatClient(settings, first_pause_s)
    services = services or await asyncio.to_thread(messenger_services, settings)
    phrases = load_phrases(settings.referral)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(services.close)
        stack.push_async_callback(client.close)
        channel = WechatChannel(client.send_text, phrases, client.show_working)
        parts = InboxParts(
            services.dialogue, services.book, phrases, allowance=allowance or Allowance()
        )
        inbox = Inbox(channel, parts)
        stack.push_async_callback(inbox.close)
        log.info("wechat: taking up %d messages", await inbox.resume())
        pusher = Pusher(channel, services.outbox, services.book, phrases, services.staff_line)
        pushing = asyncio.create_task(pusher.run(push_every_s))
        stack.callback(pushing.cancel)
        talking = asyncio.create_task(pusher.run_line())
        stack.callback(talking.cancel)
        callback = Callback(account, channel, inbox.accept, answer_within_s)
        await listen(wechat_app(callback), settings.wechat_port, settings.listen)
