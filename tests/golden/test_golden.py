"""The program prints what it printed when the recording was made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.golden import record


def test_the_commands_print_what_was_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = json.loads(record.COMMANDS.read_text(encoding="utf-8"))
    for old, new in zip(before, record.commands(tmp_path), strict=True):
        assert new == old


def test_queries_go_where_they_went() -> None:
    assert record.routes() == record.ROUTES.read_text(encoding="utf-8").splitlines()


def test_the_exports_are_the_same_bytes() -> None:
    assert record.exports() == {
        path.name: path.read_text(encoding="utf-8") for path in sorted(record.EXPORTS.iterdir())
    }
