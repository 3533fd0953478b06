"""What is wrong with a token, a network or a webhook, one line each."""

from __future__ import annotations

from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.inbox.finding import Finding
from bot.telegram.client import build_bot
from core.errors import ConfigurationError
from runtime.settings import Settings


async def checkup(settings: Settings) -> list[Finding]:
    """In the order to mend them; ends at the first that stops the rest."""
    try:
        bot = build_bot(settings)
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    try:
        async with bot:
            me = await bot.get_me()
            findings = [Finding(True, f"the token is good: @{me.username}")]
            webhook = await bot.get_webhook_info()
    except InvalidToken:
        return [Finding(False, "Telegram refuses the token; copy it again from @BotFather")]
    except NetworkError as error:
        hint = "set MINGLU_TELEGRAM_PROXY" if not settings.telegram_proxy else "check the proxy"
        cause = type(error.__cause__ or error).__name__
        return [Finding(False, f"{settings.telegram_api_url} cannot be reached ({cause}); {hint}")]
    except TelegramError as error:
        return [Finding(False, f"Telegram answered with {type(error).__name__}")]
    finally:
        # A bot that never started does not close its connections itself.
        await bot.request.shutdown()
    return findings + _about_webhook(settings, webhook.url, webhook.last_error_message or "")


def _about_webhook(settings: Settings, url: str, last_error: str) -> list[Finding]:
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        return [Finding(False, "MINGLU_TELEGRAM_WEBHOOK_SECRET is not set")]
    if url and not settings.telegram_webhook_url:
        return [Finding(True, "a webhook is set; `minglu telegram run` will remove it and poll")]
    if last_error:
        return [Finding(False, f"Telegram could not post to the webhook: {last_error}")]
    return []
