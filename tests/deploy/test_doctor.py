from __future__ import annotations

import json
import socket
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from minglu.__main__ import cli
from minglu.commands.doctor import examine
from minglu.training import current_model
from runtime.settings import Settings, SystemClock
from store.notices import SqlNotices, ensure_bundled
from store.opening import open_store
from tests.deploy.patient import free_port, of


def set_up(env: dict[str, str]) -> Settings:
    settings = Settings.from_env(env)
    store = open_store(settings, SystemClock())
    ensure_bundled(SqlNotices(store.engine))
    store.close()
    return settings


def test_a_wrong_setting_is_named_and_ends_the_examination(env: dict[str, str]) -> None:
    (only,) = examine({**env, "MINGLU_PORT": "eighty"})
    assert (only.part, only.state) == ("settings", "wrong")
    assert "MINGLU_PORT" in only.detail


def test_looking_makes_no_file(env: dict[str, str]) -> None:
    examine(env)
    assert not Path(env["MINGLU_DATA_DIR"]).exists()


def test_a_store_that_was_set_up_is_well(env: dict[str, str]) -> None:
    set_up(env)
    assert of(env, "store")[0] == "ok"
    assert of(env, "notices")[0] == "ok"
    assert of(env, "secret")[0] == "ok"


def test_a_database_that_is_away_is_wrong_and_no_traceback(env: dict[str, str]) -> None:
    env["MINGLU_DATABASE_URL"] = f"postgresql://minglu@127.0.0.1:{free_port()}/minglu"
    assert of(env, "store")[0] == "wrong"
    state, mend = of(env, "secret")
    assert state == "wrong" and "MINGLU_SECRET_KEY" in mend


def test_a_key_that_others_may_read_is_wrong(env: dict[str, str]) -> None:
    key = set_up(env).data_dir / "secret.keys"
    key.chmod(0o644)
    state, mend = of(env, "secret")
    assert state == "wrong" and f"chmod 600 {key}" in mend


def test_a_missing_model_says_how_to_make_it(env: dict[str, str]) -> None:
    state, mend = of(env, "model")
    assert state == "wrong" and "minglu train" in mend


def test_a_damaged_model_is_found_before_it_is_served(env: dict[str, str], tmp_path: Path) -> None:
    model = current_model(Settings.from_env(env))
    model.parent.mkdir(parents=True)
    (tmp_path / "metadata.json").write_text("{}" * 5000)
    with tarfile.open(model, "w:gz") as archive:
        archive.add(tmp_path / "metadata.json", "metadata.json")
    assert of(env, "model")[0] == "ok"
    model.write_bytes(model.read_bytes()[:-20])
    assert of(env, "model")[0] == "wrong"


def test_a_port_held_by_a_stranger_is_told_from_a_server_that_is_off(env: dict[str, str]) -> None:
    assert "make run" in of(env, "dialogue")[1]
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", int(env["MINGLU_RASA_PORT"])))
        stranger.listen()
        stranger.settimeout(0)
        state, mend = of(env, "dialogue")
    assert state == "wrong" and "MINGLU_RASA_PORT" in mend


def test_a_token_of_no_form_is_wrong_and_is_not_shown(env: dict[str, str]) -> None:
    env["MINGLU_TELEGRAM_TOKEN"] = "hunter2"
    state, mend = of(env, "telegram")
    assert state == "wrong" and "hunter2" not in mend


def test_a_webhook_without_a_secret_is_wrong(env: dict[str, str]) -> None:
    env["MINGLU_TELEGRAM_TOKEN"] = f"123456:{'a' * 35}"
    env["MINGLU_TELEGRAM_WEBHOOK_URL"] = "https://bot.example/hook"
    assert of(env, "telegram")[0] == "wrong"


def test_a_clock_set_by_hand_is_a_warning(env: dict[str, str]) -> None:
    env["MINGLU_NOW"] = "2026-03-02T09:00"
    state, mend = of(env, "clock")
    assert state == "warning" and "MINGLU_NOW" in mend


def test_the_status_tells_a_program_that_something_is_wrong(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(cli, ["doctor", "--json"])
    assert result.exit_code == 1
    assert {"part", "state", "detail"} == set(json.loads(result.output)[0])
