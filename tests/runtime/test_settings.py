from datetime import datetime, timedelta, timezone

import pytest

from core.errors import ConfigurationError
from runtime.settings import Settings, SystemClock


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = Settings.from_env({})
    assert settings.port == 8080
    assert settings.sqlalchemy_url.startswith("sqlite:///")
    assert settings.dialogue_base == "http://127.0.0.1:5005"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MINGLU_PORT", "eighty"),
        ("MINGLU_PORT", "70000"),
        ("MINGLU_PORT", "²"),
        ("MINGLU_NOW", "tomorrow"),
        ("MINGLU_DIALOGUE_URL", "ftp://x"),
        ("MINGLU_DIALOGUE_TIMEOUT_S", "-1"),
        ("MINGLU_VOICE_LANGUAGE", "fr"),
        ("MINGLU_LOG_LEVEL", "LOUD"),
        ("MINGLU_TRUSTED_PROXIES", "127.0.0.1,everybody"),
        ("MINGLU_FEEDBACK_DAYS", "-1"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_env({name: value})


def test_a_time_with_z_is_read_and_turned_into_the_local_zone() -> None:
    now = Settings.from_env({"MINGLU_NOW": "2026-03-02T01:00:00Z"}).now
    assert now == datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
    assert now is not None and now.utcoffset() == timedelta(hours=8)


def test_a_fixed_clock_stands_still_and_the_system_clock_has_a_zone() -> None:
    fixed = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
    assert SystemClock(fixed).now() == fixed
    assert SystemClock().now().utcoffset() == timedelta(hours=8)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    shown = repr(
        Settings.from_env({"MINGLU_SECRET_KEY": "k-secret", "MINGLU_TELEGRAM_TOKEN": "t-secret"})
    )
    assert "secret" not in shown.replace("secret_key", "")
