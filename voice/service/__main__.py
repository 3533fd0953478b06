"""`python -m voice.service`: on loopback and MINGLU_VOICE_PORT."""

from __future__ import annotations

import logging
import os

import uvicorn

from core.errors import VoiceUnavailable
from runtime.settings import Settings
from runtime.sight import begin
from voice.service.app import create_app
from voice.service.engines import ServiceEars, ServiceMouth
from voice.transcriber import Transcriber
from voice.wiring import build_mouth, build_pool, build_speaker

log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM."""
    uvicorn.run(
        create_app(
            ServiceEars(lambda: Transcriber(build_pool(settings))),
            _mouth(settings),
            settings.voice_language,
            engine=settings.ears,
        ),
        host="127.0.0.1",
        port=settings.voice_port,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
    )


def _mouth(settings: Settings) -> ServiceMouth | None:
    try:
        speaker = build_speaker(settings)
    except VoiceUnavailable as error:
        log.warning("no mouth code=%s", error.code)
        return None
    return ServiceMouth(speaker, build_mouth(settings, speaker))


def main() -> None:
    settings = Settings.from_env(os.environ)
    begin("voice", settings)
    serve(settings)


if __name__ == "__main__":
    main()
