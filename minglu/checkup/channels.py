"""Voice and messengers: is what was set up whole?"""

from __future__ import annotations

import re

from bot.wechat.service import account_of
from core.errors import MingluError
from minglu.checkup.state import OK, WARNING, WRONG, Found
from runtime.settings import Settings

_TOKEN = re.compile(r"\d{5,}:[\w-]{30,}")


def voice(settings: Settings) -> Found:
    from voice.models import find_model

    try:
        yield OK, f"model {find_model(settings).name}; `minglu voice check` tries the sound"
    except MingluError as error:
        # A system without a terminal by voice is whole.
        yield WARNING, str(error)


def telegram(settings: Settings) -> Found:
    if not settings.telegram_token:
        yield OK, "off; MINGLU_TELEGRAM_TOKEN is not set"
    elif not _TOKEN.fullmatch(settings.telegram_token):
        yield WRONG, "MINGLU_TELEGRAM_TOKEN has not the form of a token; copy it from @BotFather"
    elif settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        yield WRONG, "MINGLU_TELEGRAM_WEBHOOK_SECRET is not set: anybody could post as Telegram"
    else:
        yield OK, "token set; `minglu telegram check` asks Telegram about it"


def wechat(settings: Settings) -> Found:
    if not settings.wechat_id:
        yield OK, "off; MINGLU_WECHAT_ID is not set"
        return
    try:
        account_of(settings)
        yield OK, "account set; `minglu wechat check` asks WeChat about it"
    except MingluError as error:
        yield WRONG, str(error)
