from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.patient import free_port


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    ports = {f"MINGLU_{name}PORT": free_port() for name in ("", "RASA_", "ACTION_")}
    return {"MINGLU_DATA_DIR": str(tmp_path / "var"), **ports}
