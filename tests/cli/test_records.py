"""The commands that look after what is there: sessions, runs, workflows, routes, models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import muai

WORKFLOW = """
name: echo_back
title: Echo
description: Repeats what it is told.
inputs: {text: {type: text}}
query_input: text
routing: {examples: {en: [echo this please, echo back these words, repeat after me], zh: [重复我说的话]}}
steps:
  - {id: say, kind: compose, parts: [{reads: text}], writes: said}
output: {answer: said}
"""


@pytest.fixture
def own_workflow(own_home: Path) -> Path:
    path = own_home / "workflows" / "echo_back.yaml"
    path.parent.mkdir()
    path.write_text(WORKFLOW, encoding="utf-8")
    return path


def test_sessions_are_listed_shown_and_deleted() -> None:
    muai("--session", "holiday", "--workflow", "chat_generate", "where to?")
    assert "holiday" in muai("sessions", "list").out
    shown = muai("sessions", "show", "holiday").out
    assert "user (" in shown
    assert "where to?" in shown
    assert [row["id"] for row in muai("sessions", "list", "--json").document["sessions"]] == ["holiday"]
    assert len(muai("sessions", "show", "holiday", "--json").document["messages"]) == 2
    assert muai("sessions", "delete", "holiday").code == 0
    assert muai("sessions", "list").out == ""


@pytest.mark.parametrize("command", ["show", "delete"])
def test_an_unknown_session_is_wrong_use(command: str) -> None:
    ran = muai("sessions", command, "nope")
    assert ran.code == 2
    assert ran.err.startswith("error: unknown session 'nope'")


def test_looking_at_sessions_makes_no_database(own_home: Path) -> None:
    assert "no session is stored yet" in muai("sessions", "list").err
    assert "no run is stored yet" in muai("runs", "list").err
    assert list(own_home.iterdir()) == []


def test_runs_are_listed_and_shown() -> None:
    identity = muai("--json", "--workflow", "chat_generate", "hello").document["run_id"]
    muai("--workflow", "chat_generate", "--param", "x=1", "again")
    listed = muai("runs", "list").out.splitlines()
    assert "failed" in listed[0]
    assert "ok" in listed[1]
    shown = muai("runs", "show", identity, "--json").document
    assert shown["document"]["run_id"] == identity
    assert "generate" in [call["seam"] for call in shown["calls"]]
    assert len(muai("runs", "list", "--limit", "1", "--json").document["runs"]) == 1
    assert muai("runs", "show", "nope").code == 2


def test_route_explains_one_query() -> None:
    ran = muai("route", "什么是茶？")
    assert ran.out.startswith("search_qa (")
    assert "chat_generate (" in ran.out
    assert muai("route", "--json", "什么是茶？").document["query"] == "什么是茶？"


def test_route_answers_lines_of_stdin_in_json() -> None:
    ran = muai("route", stdin="What is tea?\n\n给我讲个笑话\n")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["query"] for row in rows] == ["What is tea?", "给我讲个笑话"]
    assert all(set(row) == {"query", "workflow", "confidence", "reason", "alternatives"} for row in rows)


def test_shipped_workflows_are_listed_shown_checked_and_drawn(tmp_path: Path) -> None:
    listed = muai("workflows", "list")
    for name in ("search_qa", "lesson_pack", "chat_generate"):
        assert name in listed.out
    assert "steps:" in muai("workflows", "show", "search_qa").out
    checked = muai("workflows", "check")
    assert checked.code == 0
    assert checked.out.count(": sound") == 3
    drawn, file = muai("workflows", "draw", "search_qa").out, tmp_path / "graph.mmd"
    assert muai("workflows", "draw", "search_qa", "--output", str(file)).code == 0
    assert file.read_text(encoding="utf-8").strip() == drawn.strip()


def test_drawing_to_an_unknown_ending_is_wrong_use(tmp_path: Path) -> None:
    ran = muai("workflows", "draw", "search_qa", "--output", str(tmp_path / "graph.svg"))
    assert (ran.code, "Use .mmd" in ran.err) == (2, True)


def test_a_workflow_of_ones_own_is_listed_checked_drawn_routed_to_and_run(own_workflow: Path) -> None:
    assert "echo_back" in muai("workflows", "list").out
    assert f"{own_workflow}: sound" in muai("workflows", "check", str(own_workflow)).out
    assert "say" in muai("workflows", "draw", "echo_back").out
    assert muai("route", "echo back these words please").out.startswith("echo_back")
    assert muai("--workflow", "echo_back", "hello you").out == "hello you\n"


def test_a_broken_workflow_is_named_by_file_and_key(own_workflow: Path) -> None:
    own_workflow.write_text(WORKFLOW.replace("kind: compose", "kind: compse"), encoding="utf-8")
    for words in (("workflows", "check"), ("workflows", "check", str(own_workflow))):
        ran = muai(*words)
        assert ran.code == 2
        assert str(own_workflow) in ran.err
        assert "compse" in ran.err
    assert muai("workflows", "list").err.startswith("warning: ")


@pytest.mark.parametrize("command", ["show", "draw", "check"])
def test_an_unknown_workflow_names_the_nearest(command: str) -> None:
    ran = muai("workflows", command, "serch_qa")
    assert (ran.code, "Did you mean 'search_qa'" in ran.err) == (2, True)


def test_a_group_without_a_word_shows_its_help_and_a_wrong_word_the_right_ones() -> None:
    assert "check" in muai("models").out
    ran = muai("models", "lst")
    assert (ran.code, "Did you mean 'list'" in ran.err) == (2, True)


def test_models_are_listed_as_text_and_json() -> None:
    rows = muai("models", "list", "--json").document["models"]
    assert [row["name"] for row in rows if row["default"]] == ["smollm2-135m"]
    assert {row["state"] for row in rows if row["name"].startswith("qwen-7b")} == {"unavailable"}
    assert muai("models", "show", "gpt2", "--json").document["state"] == "not here"


def test_a_sound_model_file_passes_the_check(tiny_gguf: Path) -> None:
    ran = muai("models", "check", str(tiny_gguf))
    assert (ran.code, f"{tiny_gguf}: sound (llama" in ran.out) == (0, True)


def test_a_truncated_model_file_fails_the_check(tiny_gguf: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_gguf.read_bytes()[:-100])
    ran = muai("models", "check", str(cut))
    assert (ran.code, ran.out) == (1, "")
    assert "truncated" in ran.err


def test_a_model_that_was_not_fetched_cannot_be_removed() -> None:
    ran = muai("models", "remove", "gpt2", "--yes")
    assert (ran.code, "not on this machine" in ran.err) == (1, True)


def test_doctor_answers_with_a_small_model(tiny_gguf: Path) -> None:
    ran = muai("doctor", "-m", str(tiny_gguf))
    assert "llama-cpp-python" in ran.out
    assert "cores" in ran.out
    assert "loaded in" in ran.out
    assert "unexpected" not in ran.out


def test_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    missing = tmp_path / "no.gguf"
    ran = muai("doctor", "-m", str(missing))
    assert ran.code == 1
    assert f"error: there is no file '{missing}'" in ran.out
    assert "Not working: model" in ran.out


@pytest.mark.model
def test_doctor_finds_everything_working() -> None:
    ran = muai("doctor")
    assert ran.code == 0
    assert "Everything works" in ran.out
