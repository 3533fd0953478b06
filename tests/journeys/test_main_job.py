"""What a newcomer does first: `make run`, ask, book, and pull a plug."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import httpx
import psutil
import pytest

from policy.reading.bundled import bundled_notice
from runtime.settings import PROJECT_ROOT
from tests.journeys.conftest import Assistant, start_assistant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
QUESTION = "盲人按摩机构要达到多少家？"


def cited(replies: list[dict]) -> dict:  # type: ignore[type-arg]
    return next(reply["custom"] for reply in replies if reply.get("custom"))


def test_the_first_screen_shows_an_answer_the_address_and_two_examples(
    assistant: Assistant,
) -> None:
    shown = assistant.shown()
    assert "400个以上" in shown
    assert f"http://127.0.0.1:{assistant.settings.port}/" in shown
    assert shown.count(QUESTION) == 2 and "报名" in shown


def test_the_door_answers_with_the_clause_and_a_verbatim_quote(assistant: Assistant) -> None:
    replies = assistant.say("journey-ask", QUESTION)
    assert "400个以上" in replies[0]["text"]
    custom = cited(replies)
    citation = custom["citations"][0]
    assert custom["kind"] == "answer" and custom["reason"] is None
    assert citation["document"] == "吉政办发〔2025〕16号"
    assert citation["clause"] == "二（三）7"
    assert "400个以上" in citation["quote"]
    assert citation["quote"] in bundled_notice().text


def test_the_web_page_answers_the_same_question(assistant: Assistant) -> None:
    base = f"http://127.0.0.1:{assistant.settings.port}"
    assert httpx.get(base, trust_env=False).status_code == 200
    answer = httpx.post(f"{base}/api/chat", json={"message": QUESTION}, timeout=60, trust_env=False)
    assert answer.status_code == 200
    assert "400个以上" in answer.json()["replies"][0]["text"]


def test_the_dialogue_and_the_actions_listen_on_loopback_only(assistant: Assistant) -> None:
    ports = {assistant.settings.rasa_port, assistant.settings.action_port}
    listening = [
        connection.laddr
        for child in psutil.Process(assistant.process.pid).children(recursive=True)
        for connection in child.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port in ports
    ]
    assert {address.port for address in listening} == ports
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_a_second_run_in_the_same_folder_is_refused_with_the_mend(assistant: Assistant) -> None:
    done = assistant.minglu("run")
    assert done.returncode == 2
    assert "MINGLU_DATA_DIR" in done.stderr and "Traceback" not in done.stderr


def test_killing_the_action_server_brings_an_apology_and_then_the_answer(
    assistant: Assistant,
) -> None:
    assistant.part("-m actions").send_signal(signal.SIGKILL)
    replies = assistant.say("journey-killed", QUESTION)
    assert replies, "silence"
    assert "400" not in replies[0]["text"] or cited(replies)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        replies = assistant.say("journey-killed", QUESTION)
        if any("400个以上" in (reply.get("text") or "") for reply in replies):
            break
        time.sleep(1)
    else:
        pytest.fail(assistant.shown())
    assert "actions ended with status -9" in assistant.shown()


def test_ctrl_c_ends_every_child(tmp_path: Path) -> None:
    running = start_assistant(tmp_path)
    children = psutil.Process(running.process.pid).children(recursive=True)
    assert len(children) >= 3
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    assert "Traceback" not in running.shown()


def test_the_readme_in_both_languages_names_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        lines = (PROJECT_ROOT / name).read_text(encoding="utf-8").splitlines()
        return [line.split("#")[0].split('"')[0].strip() for line in lines if line[:4] == "    "]

    english, chinese = commands("README.md"), commands("README.zh-CN.md")
    assert [c.split()[:3] for c in english] == [c.split()[:3] for c in chinese]
