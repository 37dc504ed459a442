from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch import yaml_file
from mm_orch.errors import DefinitionError, SettingsError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", ["line 3", "not valid YAML"]),
        ("a: 1\n\tb: 2\n", ["line 2"]),
        ("a: 1\nb: 2\na: 3\n", ["line 3", "'a' is there twice"]),
        ("a: {b: 1, b: 2}\n", ["'b' is there twice"]),
        ("- a\n- b\n", ["a list"]),
        ("just text\n", ["just text"]),
        ("1: a\n", ["the key 1"]),
        ("a: !!python/object/apply:os.getcwd []\n", ["not valid YAML"]),
        ("a: 2026-99-99\n", ["not valid YAML"]),
        ("a: &a [*a]\nb: *c\n", ["undefined alias"]),
        ("a: \x01\n", ["not valid YAML"]),
        ("a: " + "[" * 100_000, ["not valid YAML"]),
    ],
)
def test_a_broken_file_is_named_with_its_line_and_reason(tmp_path: Path, text: str, parts: list[str]) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        yaml_file.read(path, DefinitionError)
    for part in ("broken.yaml", *parts):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("名字: 值".encode("gbk"))
    with pytest.raises(SettingsError, match=r"gbk\.yaml is not UTF-8"):
        yaml_file.read(tmp_path / "gbk.yaml", SettingsError)


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        yaml_file.read(tmp_path, SettingsError)


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("# nothing\n", encoding="utf-8")
    assert yaml_file.read(tmp_path / "empty.yaml", SettingsError) == {}


def test_windows_editors_may_write_a_mark_and_line_ends_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "bom.yaml").write_bytes("\ufeff名字: 值\r\nb: 2\r\n".encode())
    assert yaml_file.read(tmp_path / "bom.yaml", SettingsError) == {"名字": "值", "b": 2}
