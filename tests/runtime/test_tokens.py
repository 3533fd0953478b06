"""Who may talk to which part, and where secrets come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigurationError
from runtime.settings import Settings

TOKEN = "0123456789abcdef"


def test_listening_to_other_machines_without_a_token_is_refused() -> None:
    for address in ("0.0.0.0", "10.0.0.7", "::", "dialogue.internal"):  # noqa: S104 - refused here
        with pytest.raises(ConfigurationError, match="MINGLU_PART_TOKEN"):
            Settings.from_env({"MINGLU_LISTEN": address})
        assert Settings.from_env({"MINGLU_LISTEN": address, "MINGLU_PART_TOKEN": TOKEN})
    for address in ("127.0.0.31", "::1", "localhost"):
        assert Settings.from_env({"MINGLU_LISTEN": address}).part_token == ""


def test_a_token_that_is_guessed_or_breaks_a_header_is_refused() -> None:
    for token in ("short", "with space inside it", "x" * 20 + "\nx"):
        with pytest.raises(ConfigurationError, match="MINGLU_PART_TOKEN"):
            Settings.from_env({"MINGLU_PART_TOKEN": token})


def test_a_secret_comes_from_a_file_and_shows_in_no_text(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    settings = Settings.from_env({"MINGLU_PART_TOKEN_FILE": str(file)})
    assert settings.part_token == TOKEN
    assert TOKEN not in repr(settings)
    with pytest.raises(ConfigurationError, match="keep one"):
        Settings.from_env({"MINGLU_PART_TOKEN_FILE": str(file), "MINGLU_PART_TOKEN": TOKEN})
    with pytest.raises(ConfigurationError, match="MINGLU_PART_TOKEN_FILE"):
        Settings.from_env({"MINGLU_PART_TOKEN_FILE": str(tmp_path / "nowhere")})
