"""The running channel: updates in, answers and reminders out."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence

import telegram
from telegram.error import InvalidToken

from bot.inbox.channel import SpokenReply, Transcriber
from bot.inbox.inbox import Inbox, InboxParts
from bot.inbox.limits import Allowance
from bot.inbox.listening import listen
from bot.inbox.phrases import load_phrases
from bot.inbox.pushing import Pusher
from bot.telegram.channel import MESSAGES_PER_S, TelegramChannel
from bot.telegram.client import POLL_S, build_bot, patiently
from bot.telegram.polling import poll
from bot.telegram.updates import UPDATE_KINDS, commands, received
from bot.telegram.webhook import PATH, webhook_app
from bot.wiring import MessengerServices, messenger_services
from core.errors import ConfigurationError
from runtime.settings import Settings

log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    services: MessengerServices | None = None,
    *,
    ears: Transcriber | None = None,
    mouth: SpokenReply | None = None,
    poll_s: int = POLL_S,
    push_every_s: float = 20.0,
    messages_per_s: float = MESSAGES_PER_S,
    allowance: Allowance | None = None,
) -> None:
    """Until it is cancelled. Raises ConfigurationError."""
    _check_webhook(settings)
    bot = build_bot(settings)
    services = services or await asyncio.to_thread(messenger_services, settings)
    phrases = load_phrases(settings.referral)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(services.close)
        stack.push_async_callback(bot.shutdown)
        await _greet(bot)
        channel = TelegramChannel(bot, phrases, messages_per_s)
        parts = InboxParts(
            services.dialogue, services.book, phrases, ears, mouth, allowance or Allowance()
        )
        inbox = Inbox(channel, parts)
        stack.push_async_callback(inbox.close)
        pusher = Pusher(channel, services.outbox, services.book, phrases, services.staff_line)
        await patiently(
            lambda: bot.set_my_commands([(name, entry) for name, entry, _ in commands()])
        )
        log.info("telegram: taking up %d messages", await inbox.resume())
        pushing = asyncio.create_task(pusher.run(push_every_s))
        stack.callback(pushing.cancel)
        talking = asyncio.create_task(pusher.run_line())
        stack.callback(talking.cancel)

        async def take(updates: Sequence[telegram.Update]) -> None:
            messages = [received(bot.id, update) for update in updates]
            await inbox.accept([m for m in messages if m is not None])

        if settings.telegram_webhook_url:
            await _listen(bot, settings, take)
        else:
            await patiently(bot.delete_webhook)
            await poll(bot, take, lambda: inbox.waiting, poll_s)


async def _greet(bot: telegram.Bot) -> None:
    try:
        await patiently(bot.initialize)
    except InvalidToken:
        # A bot that never started does not close its connections itself.
        await bot.request.shutdown()
        # The library's own message quotes the token.
        raise ConfigurationError(
            "Telegram refuses MINGLU_TELEGRAM_TOKEN; copy it again from @BotFather"
        ) from None


def _check_webhook(settings: Settings) -> None:
    if settings.telegram_webhook_url and len(settings.telegram_webhook_secret) < 16:
        raise ConfigurationError(
            "MINGLU_TELEGRAM_WEBHOOK_SECRET needs 16 or more of A-Z, a-z, 0-9, _ and -"
        )


async def _listen(bot: telegram.Bot, settings: Settings, take: object) -> None:
    await patiently(
        lambda: bot.set_webhook(
            settings.telegram_webhook_url + PATH,
            allowed_updates=UPDATE_KINDS,
            secret_token=settings.telegram_webhook_secret,
        )
    )
    app = webhook_app(bot, settings.telegram_webhook_secret, take)  # type: ignore[arg-type]
    await listen(app, settings.telegram_webhook_port, settings.listen)
