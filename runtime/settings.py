"""Every setting: one prefix, one place, a default. A wrong value stops the start by name."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

from core.errors import ConfigurationError
from runtime.secret_files import with_secret_files

ZONE = ZoneInfo("Asia/Shanghai")
PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Read once by `from_env`; never changed after."""

    data_dir: Path = PROJECT_ROOT / "var"
    """Database, trained model, logs, caches, keys. MINGLU_DATA_DIR."""
    model_dir: Path | None = None
    """Trained models; none: `models` in data_dir. MINGLU_MODEL_DIR."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in data_dir. MINGLU_DATABASE_URL."""
    now: datetime | None = None
    """A fixed clock for tests and demonstrations, ISO 8601. MINGLU_NOW."""
    host: str = "127.0.0.1"
    """Where the web gateway listens. MINGLU_HOST."""
    listen: str = "127.0.0.1"
    """Where the parts that people do not reach listen. MINGLU_LISTEN."""
    part_token: str = field(default="", repr=False)
    """What parts show each other; a must where `listen` is no loopback. MINGLU_PART_TOKEN."""
    port: int = 8080
    """Web gateway. MINGLU_PORT."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses or networks of proxies whose X-Forwarded-For and -Proto the gateway believes, apart
    by commas; `none`: nobody's. MINGLU_TRUSTED_PROXIES."""
    rasa_port: int = 5005
    """Dialogue server, on `listen`. MINGLU_RASA_PORT."""
    action_port: int = 5055
    """Action server, on `listen`. MINGLU_ACTION_PORT."""
    action_url: str = ""
    """Base URLs of the action servers, apart by commas; empty: here, at action_port.
    MINGLU_ACTION_URL."""
    dialogue_url: str = ""
    """Base URL of the dialogue server, or of several apart by commas; empty: here, at
    rasa_port. MINGLU_DIALOGUE_URL."""
    dialogue_timeout_s: float = 15.0
    """Seconds until a channel apologises. MINGLU_DIALOGUE_TIMEOUT_S."""
    tracker_url: str = field(default="", repr=False)
    """SQLAlchemy URL of what conversations remember; empty: SQLite in data_dir.
    MINGLU_TRACKER_URL."""
    redis_url: str = field(default="", repr=False)
    """Where dialogue servers of several machines lock conversations; empty: one server alone.
    MINGLU_REDIS_URL."""
    secret_key: str = field(default="", repr=False)
    """Encrypts names and phones at rest; empty: a key file made in data_dir. MINGLU_SECRET_KEY."""
    referral: str = ""
    """Whom a person may turn to when nothing here helps, as a sentence; empty: nobody is named,
    for none may be invented. MINGLU_REFERRAL."""
    hold_minutes: int = 15
    """How long a place is kept while a person decides. MINGLU_HOLD_MINUTES."""
    offer_hours: int = 4
    """How long a place is offered to the first in line. MINGLU_OFFER_HOURS."""
    deadline_hours: int = 0
    """How long before its start a date closes where its file names no `book_by`.
    MINGLU_DEADLINE_HOURS."""
    quiet_hours: tuple[time, time] = (time(21), time(8))
    """Local times between which nobody is disturbed. MINGLU_QUIET_HOURS."""
    retention_days: int = 180
    """How long after a course a person's details are kept. MINGLU_RETENTION_DAYS."""
    feedback_days: int = 90
    """How long ratings and unanswered questions are kept; 0: neither is. MINGLU_FEEDBACK_DAYS."""
    desk_idle_minutes: int = 30
    """Without a key pressed, staff are signed out after so long. MINGLU_DESK_IDLE_MINUTES."""
    vosk_model: str = ""
    """Folder of a Vosk model; empty: the one fetched into data_dir. MINGLU_VOSK_MODEL."""
    voice_language: str = "zh"
    """Language of ears and mouth: zh or ko. MINGLU_VOICE_LANGUAGE."""
    ears: str = "vosk"
    """The recogniser: vosk, or whisper (slower, more accurate, optional). MINGLU_EARS."""
    listening: str = "open"
    """When a voice terminal listens: open, push (a key) or wake (its name). MINGLU_LISTENING."""
    voice_port: int = 5056
    """Ears and mouth for other parts, loopback only. MINGLU_VOICE_PORT."""
    voice_url: str = ""
    """Base URL of that service on another machine; empty: loopback and voice_port.
    MINGLU_VOICE_URL."""
    telegram_token: str = field(default="", repr=False)
    """Bot token from @BotFather. MINGLU_TELEGRAM_TOKEN."""
    telegram_api_url: str = "https://api.telegram.org"
    """Bot API server. MINGLU_TELEGRAM_API_URL."""
    telegram_proxy: str = field(default="", repr=False)
    """HTTP or SOCKS proxy for Telegram. MINGLU_TELEGRAM_PROXY."""
    telegram_webhook_url: str = ""
    """Public https address that Telegram posts to; empty: long polling.
    MINGLU_TELEGRAM_WEBHOOK_URL."""
    telegram_webhook_secret: str = field(default="", repr=False)
    """What Telegram must send along with every post. MINGLU_TELEGRAM_WEBHOOK_SECRET."""
    telegram_webhook_port: int = 8081
    """Where the webhook listens on loopback, behind the proxy. MINGLU_TELEGRAM_WEBHOOK_PORT."""
    wechat_kind: str = "official"
    """official (an Official Account) or wecom (a WeCom application). MINGLU_WECHAT_KIND."""
    wechat_id: str = ""
    """AppID, or CorpID for WeCom; empty: no WeChat. MINGLU_WECHAT_ID."""
    wechat_agent: str = ""
    """AgentId of the WeCom application. MINGLU_WECHAT_AGENT."""
    wechat_secret: str = field(default="", repr=False)
    """AppSecret, or the application's Secret. MINGLU_WECHAT_SECRET."""
    wechat_token: str = field(default="", repr=False)
    """Token that signs the platform's posts. MINGLU_WECHAT_TOKEN."""
    wechat_aes_key: str = field(default="", repr=False)
    """EncodingAESKey; empty: plain mode, Official Accounts only. MINGLU_WECHAT_AES_KEY."""
    wechat_api_url: str = ""
    """Server of the platform's interfaces; empty: the kind's own. MINGLU_WECHAT_API_URL."""
    wechat_port: int = 8082
    """Where the platform's posts are taken on loopback, behind the proxy. MINGLU_WECHAT_PORT."""
    log_level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR. MINGLU_LOG_LEVEL."""
    log_format: str = "text"
    """text, or json: one object a line. MINGLU_LOG_FORMAT."""
    metrics_port: int = 0
    """Where this process shows its metrics on loopback; 0: nowhere. `minglu run` gives its parts
    the ports after it. MINGLU_METRICS_PORT."""

    @property
    def models(self) -> Path:
        return self.model_dir or self.data_dir / "models"

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'minglu.db'}"

    @property
    def tracker_sqlalchemy_url(self) -> str:
        return self.tracker_url or f"sqlite:///{self.data_dir / 'tracker.db'}"

    @property
    def reached_at(self) -> str:
        """Where this machine reaches its own parts, though they may listen on every address."""
        return "127.0.0.1" if self.listen in ("0.0.0.0", "::") else self.listen  # noqa: S104 - compared

    @property
    def dialogue_base(self) -> str:
        return self.dialogue_url or f"http://{self.reached_at}:{self.rasa_port}"

    @property
    def action_bases(self) -> tuple[str, ...]:
        base = self.action_url or f"http://{self.reached_at}:{self.action_port}"
        return tuple(url.strip().rstrip("/") for url in base.split(","))

    @property
    def voice_base(self) -> str:
        return self.voice_url or f"http://127.0.0.1:{self.voice_port}"

    @property
    def action_health_urls(self) -> tuple[str, ...]:
        return tuple(f"{url}/health" for url in self.action_bases)

    @property
    def fingerprint(self) -> str:
        """Ten hex digits that tell two configurations apart; shows no secret."""
        shown = f"{self.data_dir}|{self.sqlalchemy_url}|{self.host}|{self.port}|{self.rasa_port}"
        return hashlib.sha256(shown.encode()).hexdigest()[:10]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises ConfigurationError that names the variable, what it holds and what it takes."""
        read = _Reader(with_secret_files(env))
        settings = cls(
            data_dir=Path(read.text("MINGLU_DATA_DIR", str(cls.data_dir))).expanduser().resolve(),
            model_dir=read.folder("MINGLU_MODEL_DIR"),
            database_url=read.text("MINGLU_DATABASE_URL", ""),
            now=read.moment("MINGLU_NOW"),
            host=read.text("MINGLU_HOST", cls.host),
            listen=read.text("MINGLU_LISTEN", cls.listen),
            part_token=read.text("MINGLU_PART_TOKEN", ""),
            port=read.port("MINGLU_PORT", cls.port),
            trusted_proxies=read.networks("MINGLU_TRUSTED_PROXIES", cls.trusted_proxies),
            rasa_port=read.port("MINGLU_RASA_PORT", cls.rasa_port),
            action_port=read.port("MINGLU_ACTION_PORT", cls.action_port),
            action_url=read.url("MINGLU_ACTION_URL", ""),
            dialogue_url=read.url("MINGLU_DIALOGUE_URL", ""),
            dialogue_timeout_s=read.seconds("MINGLU_DIALOGUE_TIMEOUT_S", cls.dialogue_timeout_s),
            tracker_url=read.text("MINGLU_TRACKER_URL", ""),
            redis_url=read.text("MINGLU_REDIS_URL", ""),
            secret_key=read.text("MINGLU_SECRET_KEY", ""),
            referral=read.text("MINGLU_REFERRAL", ""),
            hold_minutes=read.whole("MINGLU_HOLD_MINUTES", cls.hold_minutes, 1, 1440),
            offer_hours=read.whole("MINGLU_OFFER_HOURS", cls.offer_hours, 1, 168),
            deadline_hours=read.whole("MINGLU_DEADLINE_HOURS", cls.deadline_hours, 0, 720),
            quiet_hours=read.hours("MINGLU_QUIET_HOURS", cls.quiet_hours),
            retention_days=read.whole("MINGLU_RETENTION_DAYS", cls.retention_days, 1, 3650),
            feedback_days=read.whole("MINGLU_FEEDBACK_DAYS", cls.feedback_days, 0, 365),
            desk_idle_minutes=read.whole("MINGLU_DESK_IDLE_MINUTES", cls.desk_idle_minutes, 3, 480),
            vosk_model=read.text("MINGLU_VOSK_MODEL", ""),
            voice_language=read.one_of("MINGLU_VOICE_LANGUAGE", ("zh", "ko"), "zh"),
            ears=read.one_of("MINGLU_EARS", ("vosk", "whisper"), cls.ears),
            listening=read.one_of("MINGLU_LISTENING", ("open", "push", "wake"), cls.listening),
            voice_port=read.port("MINGLU_VOICE_PORT", cls.voice_port),
            voice_url=read.url("MINGLU_VOICE_URL", ""),
            telegram_token=read.text("MINGLU_TELEGRAM_TOKEN", ""),
            telegram_api_url=read.url("MINGLU_TELEGRAM_API_URL", cls.telegram_api_url),
            telegram_proxy=read.text("MINGLU_TELEGRAM_PROXY", ""),
            telegram_webhook_url=read.url("MINGLU_TELEGRAM_WEBHOOK_URL", ""),
            telegram_webhook_secret=read.text("MINGLU_TELEGRAM_WEBHOOK_SECRET", ""),
            telegram_webhook_port=read.port(
                "MINGLU_TELEGRAM_WEBHOOK_PORT", cls.telegram_webhook_port
            ),
            wechat_kind=read.one_of("MINGLU_WECHAT_KIND", ("official", "wecom"), cls.wechat_kind),
            wechat_id=read.text("MINGLU_WECHAT_ID", ""),
            wechat_agent=read.text("MINGLU_WECHAT_AGENT", ""),
            wechat_secret=read.text("MINGLU_WECHAT_SECRET", ""),
            wechat_token=read.text("MINGLU_WECHAT_TOKEN", ""),
            wechat_aes_key=read.text("MINGLU_WECHAT_AES_KEY", ""),
            wechat_api_url=read.url("MINGLU_WECHAT_API_URL", ""),
            wechat_port=read.port("MINGLU_WECHAT_PORT", cls.wechat_port),
            log_level=read.one_of(
                "MINGLU_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), cls.log_level
            ),
            log_format=read.one_of("MINGLU_LOG_FORMAT", ("text", "json"), cls.log_format),
            metrics_port=read.port("MINGLU_METRICS_PORT", cls.metrics_port),
        )
        settings._refuse_open_doors()
        return settings

    def _refuse_open_doors(self) -> None:
        if not is_loopback(self.listen) and not self.part_token:
            raise ConfigurationError(
                f"MINGLU_LISTEN={self.listen!r} lets other machines in: set MINGLU_PART_TOKEN (or "
                "MINGLU_PART_TOKEN_FILE) to the same secret on all of them, such as the output of "
                "`openssl rand -hex 32`"
            )
        if self.part_token and not re.fullmatch(r"[A-Za-z0-9._~-]{16,}", self.part_token):
            raise ConfigurationError(
                "MINGLU_PART_TOKEN needs 16 or more letters, digits, '.', '_', '~' or '-'"
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address to listen on."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class SystemClock:
    """The wall clock in Asia/Shanghai, or a fixed one from MINGLU_NOW."""

    def __init__(self, fixed: datetime | None = None) -> None:
        self._fixed = fixed

    def now(self) -> datetime:
        return self._fixed or datetime.now(ZONE)


@dataclass(frozen=True)
class _Reader:
    env: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        return self.env.get(name, "").strip() or default

    def folder(self, name: str) -> Path | None:
        raw = self.env.get(name, "").strip()
        return Path(raw).expanduser().resolve() if raw else None

    def port(self, name: str, default: int) -> int:
        raw = self.env.get(name, "").strip()
        if not raw:
            return default
        if not (raw.isascii() and raw.isdigit()) or not 1 <= int(raw) <= 65535:
            raise ConfigurationError(f"{name}={raw!r} is not a port; give a number from 1 to 65535")
        return int(raw)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        raw = self.env.get(name, "").strip()
        if not raw:
            return default
        if not (raw.isascii() and raw.isdigit()) or not least <= int(raw) <= most:
            raise ConfigurationError(
                f"{name}={raw!r} is wrong; give a whole number from {least} to {most}"
            )
        return int(raw)

    def hours(self, name: str, default: tuple[time, time]) -> tuple[time, time]:
        raw = self.env.get(name, "").strip()
        if not raw:
            return default
        try:
            # fromisoformat alone would take 22 and 2230, too.
            if not re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", raw):
                raise ValueError("not two times")
            begin, end = (time.fromisoformat(part.strip()) for part in raw.split("-"))
        except ValueError:
            raise ConfigurationError(
                f"{name}={raw!r} is wrong; give two times such as 21:00-08:00"
            ) from None
        return begin, end

    def seconds(self, name: str, default: float) -> float:
        raw = self.env.get(name, "").strip()
        if not raw:
            return default
        try:
            value = float(raw)
        except ValueError:
            value = -1.0
        if not 0 < value <= timedelta(hours=1).total_seconds():
            raise ConfigurationError(f"{name}={raw!r} is not a duration; give seconds above 0")
        return value

    def url(self, name: str, default: str) -> str:
        raw = self.env.get(name, "").strip()
        if raw and not raw.startswith(("http://", "https://")):
            raise ConfigurationError(f"{name}={raw!r} must begin with http:// or https://")
        return raw.rstrip("/") or default

    def networks(self, name: str, default: str) -> str:
        raw = self.env.get(name, "").strip()
        if raw == "none":
            return ""
        for part in raw.split(",") if raw else ():
            try:
                ip_network(part.strip())
            except ValueError:
                raise ConfigurationError(
                    f"{name}={raw!r} is wrong; give addresses such as 127.0.0.1,10.0.0.0/8, or none"
                ) from None
        return raw or default

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        raw = self.env.get(name, "").strip()
        if raw and raw not in allowed:
            raise ConfigurationError(f"{name}={raw!r} is not one of {', '.join(allowed)}")
        return raw or default

    def moment(self, name: str) -> datetime | None:
        raw = self.env.get(name, "").strip()
        if not raw:
            return None
        try:
            # Python 3.10 does not read a trailing Z.
            value = datetime.fromisoformat(raw[:-1] + "+00:00" if raw.endswith("Z") else raw)
        except ValueError:
            raise ConfigurationError(
                f"{name}={raw!r} is not an ISO 8601 time such as 2026-03-02T09:00:00+08:00"
            ) from None
        return value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)
