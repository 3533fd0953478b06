"""Which model serves: the chosen one, and the last good one where it is damaged."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from runtime.models import (
    UnknownModel,
    choose_model,
    chosen_model,
    model_named,
    models_to_try,
    remember_good,
)


def model(folder: Path, name: str, age: int) -> Path:
    path = folder / f"minglu-{name}.tar.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(os.urandom(5000))
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def test_a_chosen_model_serves_until_it_is_gone_or_given_back(tmp_path: Path) -> None:
    old, new = model(tmp_path, "old", 10), model(tmp_path, "new", 0)
    assert chosen_model(tmp_path) is None
    choose_model(tmp_path, model_named(tmp_path, "old"))
    assert chosen_model(tmp_path) == old
    choose_model(tmp_path, None)
    assert chosen_model(tmp_path) is None
    choose_model(tmp_path, new)
    new.unlink()
    assert chosen_model(tmp_path) is None
    with pytest.raises(UnknownModel):
        model_named(tmp_path, "new")


def test_a_damaged_model_gives_way_to_the_one_that_served_last(tmp_path: Path) -> None:
    oldest, old, new = (model(tmp_path, n, age) for n, age in (("a", 9), ("b", 5), ("c", 0)))
    remember_good(oldest)
    assert list(models_to_try(new)) == [new, oldest, old]
    new.write_bytes(new.read_bytes()[:-20])
    assert list(models_to_try(new)) == [oldest, old]
    assert list(models_to_try(tmp_path / "minglu-missing.tar.gz")) == [oldest, old]
