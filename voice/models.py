"""Where the recogniser's model is, and which one a language wants."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import VoiceUnavailable
from runtime.settings import Settings
from voice.recogniser import check_model

_CATALOGUE = Path(__file__).parent / "data" / "models.yml"


@dataclass(frozen=True)
class ModelSource:
    """One model that can be fetched. Source: voice/data/models.yml."""

    language: str
    name: str
    url: str
    size_bytes: int | None
    sha256: str | None
    """Lower-case hexadecimal; None where nobody publishes one."""
    hash_from: str
    package: str = ""
    """Python package that carries the model, or empty."""


def model_sources() -> dict[str, ModelSource]:
    body: dict[str, dict[str, Any]] = yaml.safe_load(_CATALOGUE.read_text(encoding="utf-8"))
    return {language: ModelSource(language=language, **entry) for language, entry in body.items()}


def model_source(language: str) -> ModelSource:
    """Raises VoiceUnavailable for a language without a model."""
    sources = model_sources()
    if language not in sources:
        raise VoiceUnavailable(
            f"no model is known for {language!r}; languages: {', '.join(sorted(sources))}"
        )
    return sources[language]


def model_home(data_dir: Path, language: str) -> Path:
    """Where `minglu voice get` puts a language's model."""
    return data_dir / "models" / "vosk" / language


def adapted_home(data_dir: Path, language: str) -> Path:
    """Where `minglu voice adapt` puts a model that knows the subject's words."""
    return data_dir / "models" / "overlay" / f"adapted-{language}"


def packaged_model(language: str) -> Path | None:
    """The folder of a model that came as a Python package, or None."""
    package = model_source(language).package
    spec = importlib.util.find_spec(package) if package else None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def find_model(settings: Settings, language: str | None = None, adapted: bool = True) -> Path:
    """MINGLU_VOSK_MODEL, else the adapted, the fetched one or a package's.

    Raises VoiceUnavailable.
    """
    language = language or settings.voice_language
    if adapted and not settings.vosk_model and adapted_home(settings.data_dir, language).is_dir():
        check_model(adapted_home(settings.data_dir, language))
        return adapted_home(settings.data_dir, language)
    if settings.vosk_model:
        folder = Path(settings.vosk_model).expanduser()
        check_model(folder)
        return folder
    home = model_home(settings.data_dir, language)
    if not home.exists():
        packaged = packaged_model(language)
        if packaged is not None:
            return packaged
        raise VoiceUnavailable(
            f"the recogniser has no model for {language!r}; fetch it with "
            f"`minglu voice get {language}`, or name a folder with MINGLU_VOSK_MODEL"
        )
    check_model(home)
    return home
