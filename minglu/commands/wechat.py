"""`minglu wechat`: a WeChat Official Account or a WeCom application."""

from __future__ import annotations

import asyncio
import os

import click

from bot.wechat.checkup import checkup
from bot.wechat.client import WechatClient
from bot.wechat.menu import menu_buttons
from bot.wechat.service import serve
from minglu.findings import report
from runtime.settings import Settings
from runtime.sight import begin


@click.group()
def command() -> None:
    """Run and check the WeChat channel."""


@command.command("check")
def check() -> None:
    """Say what is wrong with the account's settings or the way to the platform."""
    report(asyncio.run(checkup(Settings.from_env(os.environ))))


@command.command("menu")
def menu() -> None:
    """Put the account's menu in place of the one it has."""
    asyncio.run(_create_menu(Settings.from_env(os.environ)))
    click.echo("The menu is set; WeChat shows it within a day, or at once after following anew.")


@command.command("run")
def run() -> None:
    """Take messages until Ctrl-C; needs a running `make run` for the answers."""
    settings = Settings.from_env(os.environ)
    begin("wechat", settings)
    try:
        asyncio.run(serve(settings))
    except KeyboardInterrupt:
        click.echo("WeChat is stopped.", err=True)


async def _create_menu(settings: Settings) -> None:
    client = WechatClient(settings)
    try:
        await client.create_menu(menu_buttons())
    finally:
        await client.close()
