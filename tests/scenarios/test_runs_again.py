"""Runs that other processes began: told apart while these live, resumed and replayed when they are gone."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

QUESTION = "What is a tea house?"


def muai(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mm_orch.main", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def the_run() -> dict[str, Any]:
    [run] = json.loads(muai("runs", "list", "--json").stdout)["runs"]
    found: dict[str, Any] = run
    return found


def test_a_run_is_running_while_its_process_lives_and_goes_on_after_it_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.scenarios.slow_answer", QUESTION, "100"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        alive = the_run()
        refused = muai("runs", "resume", alive["id"])
        process.kill()
    assert alive["status"] == "running"
    assert (refused.returncode, "another MuAI" in refused.stderr) == (2, True), refused.stderr
    killed = the_run()
    assert (killed["id"], killed["status"]) == (alive["id"], "interrupted")
    assert "interrupted" in muai("runs", "show", killed["id"]).stdout
    assert "runs resume" in muai("runs", "replay", killed["id"]).stderr
    resumed = muai("runs", "resume", killed["id"], "--quiet")
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout == muai("--quiet", "--workflow", "search_qa", QUESTION).stdout
    replayed = muai("runs", "replay", killed["id"])
    assert (replayed.returncode, "same result" in replayed.stdout) == (0, True), replayed.stderr


def test_a_draft_never_reaches_a_file() -> None:
    ran = muai("--workflow", "search_qa", QUESTION)
    document = json.loads(muai("--json", "--quiet", "--workflow", "search_qa", QUESTION).stdout)
    assert ran.stdout.startswith(document["answer"])
    assert ran.stdout.count(document["answer"]) == 1
    assert "\x1b" not in ran.stdout + ran.stderr
