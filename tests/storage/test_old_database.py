"""``tests/fixtures/old_home/muai.db``, written by MuAI 0.1.0 in November 2026, stays readable for good.

It holds a document, a chat of two turns, two searches on mock pages, one in the document, and a lesson.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.program import muai

OLD = Path(__file__).parent.parent / "fixtures" / "old_home" / "muai.db"


@pytest.fixture(autouse=True)
def old_home(own_home: Path) -> None:
    shutil.copy(OLD, own_home)


def runs() -> list[dict[str, object]]:
    found: list[dict[str, object]] = muai("runs", "list", "--json").document["runs"]
    return found


def test_its_runs_are_listed_and_shown() -> None:
    assert [run["workflow"] for run in runs()] == [
        "search_qa", "chat_generate", "lesson_pack", "search_qa", "search_qa", "search_qa",
    ]  # fmt: skip
    for run in runs():
        shown = muai("runs", "show", str(run["id"]))
        assert shown.code == 0, shown.err
        assert str(run["query"]) in shown.out


def test_its_sessions_are_listed_and_shown() -> None:
    sessions = json.loads(muai("sessions", "list", "--json").out)["sessions"]
    assert len(sessions) == 5
    for session in sessions:
        assert muai("sessions", "show", session["id"]).code == 0


def test_its_runs_are_replayed_or_said_to_be_of_an_older_version() -> None:
    for run in runs():
        replayed = muai("runs", "replay", str(run["id"]))
        same = replayed.code == 0 and replayed.out.splitlines()[-1] in {"same result", "结果相同"}
        assert same or "recorded by an older version" in replayed.err


def test_its_documents_are_searched() -> None:
    assert "saltbean" in muai("corpus", "search", "when to sow").out


def test_a_new_run_joins_the_old_ones() -> None:
    assert muai("What is a queue?").code == 0
    assert len(runs()) == 7


def test_it_is_copied_aside_before_it_changes(own_home: Path) -> None:
    assert muai("sessions", "list").code == 0
    copies = sorted(own_home.glob("muai.db.before-storage-*"))
    assert [copy.name for copy in copies] == ["muai.db.before-storage-3"]
