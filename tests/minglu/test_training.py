from pathlib import Path

import pytest
from rich.console import Console

from minglu import training
from runtime.settings import Settings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project of the same layout."""
    (tmp_path / "config.yml").write_text("pipeline: []")
    (tmp_path / "nlu_data").mkdir()
    (tmp_path / "nlu_data" / "a.yml").write_text("- 你好")
    return tmp_path


def test_the_model_changes_its_name_when_a_sentence_is_added(project: Path) -> None:
    before = training.inputs_hash(project)
    (project / "nlu_data" / "a.yml").write_text("- 你好\n- 您好")
    assert training.inputs_hash(project) != before


def test_the_model_changes_its_name_when_a_file_is_renamed(project: Path) -> None:
    before = training.inputs_hash(project)
    (project / "nlu_data" / "a.yml").rename(project / "nlu_data" / "b.yml")
    assert training.inputs_hash(project) != before


def test_what_does_not_shape_the_model_leaves_it_alone(project: Path) -> None:
    before = training.inputs_hash(project)
    (project / "README.md").write_text("hello")
    cache = project / "nlu_data" / "__pycache__"
    cache.mkdir()
    (cache / "x.pyc").write_bytes(b"x")
    assert training.inputs_hash(project) == before


def test_a_model_that_is_there_is_not_trained_again(project: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    model = training.current_model(settings, project)
    model.parent.mkdir(parents=True)
    model.write_bytes(b"model")
    assert training.train_if_changed(settings, Console(), root=project) == model
    assert model.read_bytes() == b"model"


def test_dropping_old_models_passes_over_one_that_is_gone(tmp_path: Path) -> None:
    for number in range(training.KEPT_MODELS + 2):
        (tmp_path / f"minglu-{number}.tar.gz").write_bytes(b"model")
    (tmp_path / "minglu-gone.tar.gz").symlink_to(tmp_path / "nowhere")
    keep = tmp_path / "minglu-0.tar.gz"
    training._drop_old_models(keep)
    assert keep.exists()
    assert len([p for p in tmp_path.glob("minglu-*.tar.gz") if p.exists()]) <= 4
