"""What is wrong with an account's settings or the way to the platform, one line each."""

from __future__ import annotations

from bot.inbox.finding import Finding
from bot.wechat.client import WechatClient
from bot.wechat.door import PATH
from bot.wechat.service import account_of
from core.errors import ConfigurationError, MingluError
from runtime.settings import Settings


async def checkup(settings: Settings) -> list[Finding]:
    """In the order to mend them; ends at the first that stops the rest."""
    try:
        account = account_of(settings)
        client = WechatClient(settings)
    except ConfigurationError as error:
        return [Finding(False, str(error))]
    mode = "AES mode" if account.cipher else "plain mode: texts travel readable inside https"
    findings = [
        Finding(True, f"the settings are whole ({settings.wechat_kind}, {mode})"),
        Finding(
            True,
            f"the platform must reach http://127.0.0.1:{settings.wechat_port}{PATH} "
            "through a public https address",
        ),
    ]
    try:
        await client.access_token()
        findings.append(Finding(True, "the platform gives an access token"))
        await client.check_right()
        findings.append(Finding(True, "the account may send customer-service messages"))
    except MingluError as error:
        findings.append(Finding(False, str(error)))
    finally:
        await client.close()
    return findings
