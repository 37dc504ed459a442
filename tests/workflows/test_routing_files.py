from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import DefinitionError
from mm_orch.workflows import routing_files


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / "routing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_line_is_an_example_and_with_a_tilde_a_phrase(tmp_path: Path) -> None:
    written(tmp_path, "tea.en.txt", "# queries\n\n brew some tea \n~ ^make tea\n~kettle\n")
    written(tmp_path, "tea.zh.txt", "\ufeff泡一壶茶\r\n~ 泡茶\r\n")
    found = routing_files.find([tmp_path], "tea")
    assert found.examples == {"en": ["brew some tea"], "zh": ["泡一壶茶"]}
    assert found.hints == {"en": ["^make tea", "kettle"], "zh": ["泡茶"]}


def test_a_later_folder_replaces_one_language_alone(tmp_path: Path) -> None:
    shipped = written(written(tmp_path / "a", "tea.en.txt", "one"), "tea.zh.txt", "一")
    own = written(tmp_path / "b", "tea.en.txt", "two")
    assert routing_files.find([shipped, own], "tea").examples == {"en": ["two"], "zh": ["一"]}


def test_a_workflow_without_files_is_known_by_nothing(tmp_path: Path) -> None:
    assert not any(routing_files.find([tmp_path], "tea").examples.values())


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    written(tmp_path, "tea.en.txt", b"\xff\xfe\x00")
    with pytest.raises(DefinitionError, match=r"tea\.en\.txt.*cannot be read"):
        routing_files.find([tmp_path], "tea")


def test_a_file_of_no_workflow_is_named_with_the_nearest(tmp_path: Path) -> None:
    for name in ("tea.en.txt", "tae.zh.txt", "tea.fr.txt"):
        written(tmp_path, name, "x")
    errors = routing_files.strays(tmp_path, ["tea"])
    assert list(errors) == ["tae.zh.txt", "tea.fr.txt"]
    assert str(tmp_path / "routing" / "tae.zh.txt") in errors["tae.zh.txt"].message
    assert "Did you mean 'tea.zh.txt'" in (errors["tae.zh.txt"].hint or "")
