"""Killing the program at any moment of an answer loses nothing that was stored, and the run can go on."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from mm_orch import app, parts, settings
from mm_orch.app import App
from mm_orch.database import Database
from mm_orch.exports import run_document
from mm_orch.recording.replay import same
from mm_orch.records.event import RunFinished
from mm_orch.records.query import Query
from mm_orch.records.session import Run
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows import background

QUESTION = "What is a tea house?"
LONGEST_S = 1.6  # a whole answer takes less
AT_ONCE = 4


def killed(after_s: float) -> None:
    """Start an answer and kill its process so many seconds after its run was stored."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.slow_answer", QUESTION],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "started\n":
            raise AssertionError(process.communicate(timeout=60)[1])
        time.sleep(after_s)
    finally:
        process.kill()
        process.communicate(timeout=60)


def kill_all(moments: Sequence[float]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(killed, moments))


def resumed(built: App, run: Run) -> WorkflowResult:
    for told in built.resume(run.id):
        if isinstance(told.event, RunFinished):
            return told.event.result
    raise AssertionError("a run ends with a result")


def replayed(built: App, run: Run) -> WorkflowResult:
    for event in background.iterate(app.make_replay(built.store, run.id).events()):
        if isinstance(event, RunFinished):
            return event.result
    raise AssertionError("a replay ends with a result")


def check_what_is_left(home: Path, kills: int) -> None:
    """The file is sound, every run ended or can go on, and what comes out is what a whole run writes."""
    with app.build(settings.load()) as built:
        assert Database.open(home).integrity() == []
        runs = background.run(built.store.runs(kills))
        assert len(runs) == kills
        assert {run.status for run in runs} <= {"ok", "degraded", "interrupted"}
        whole = built.run(Query(QUESTION, "search_qa"))
        for run in (run for run in runs if run.status == "interrupted"):
            assert resumed(built, run).answer == whole.answer
            stored = background.run(built.store.run(run.id))
            assert stored.status == whole.status
            assert stored.document
            assert same(stored.document, run_document.of_result(replayed(built, run)))
            said = [
                (message.role, message.content) for message in background.run(built.store.messages(run.session_id))
            ]
            assert said == [("user", QUESTION), ("assistant", whole.answer)]
        assert Database.open(home).integrity() == []
    assert [run.status for run in runs].count("interrupted") > kills // 4


def test_runs_of_killed_programs_go_on_to_the_same_answer(own_home: Path) -> None:
    moments = random.Random(4)
    kill_all([moments.uniform(0, LONGEST_S) for _ in range(8)])
    check_what_is_left(own_home, 8)


@pytest.mark.parametrize(("question", "seam", "last"), [
    (QUESTION, "fetch", "search"),
    ("A lesson on tea with 2 exercises", "generate", "generate"),
])  # fmt: skip
def test_a_call_is_on_the_tape_before_the_next_begins(question: str, seam: str, last: str) -> None:
    command = [sys.executable, "-m", "tests.scenarios.deadly_call", question, seam]
    died = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert died.returncode != 0, died.stdout
    with closing(parts.stored()) as store:
        [run] = background.run(store.runs())
        calls = background.run(store.calls(run.id))
    assert run.status == "interrupted", died.stderr
    assert [call.seam for call in calls if call.seam in {"search", "fetch", "generate"}] == [last]


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_fifty_kills_at_random_moments(own_home: Path) -> None:
    kill_all([random.uniform(0, LONGEST_S) for _ in range(50)])
    check_what_is_left(own_home, 50)
