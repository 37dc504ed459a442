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


def test_routing_inside_a_workflow_works_and_the_check_says_where_it_belongs(own_workflow: Path) -> None:
    ran = muai("workflows", "check", str(own_workflow))
    assert ran.code == 0
    assert str(own_workflow.parent / "routing" / "echo_back.en.txt") in ran.err
    assert "it works here too" in ran.err


def test_a_routing_file_beside_ones_own_workflow_is_routed_by(own_workflow: Path) -> None:
    inside = next(line for line in WORKFLOW.splitlines() if line.startswith("routing:"))
    own_workflow.write_text(WORKFLOW.replace(inside, ""), encoding="utf-8")
    routing = own_workflow.parent / "routing"
    routing.mkdir()
    (routing / "echo_back.en.txt").write_text("say it once more\n~ parrot\n", encoding="utf-8")
    assert muai("workflows", "check", str(own_workflow)).err == ""
    assert '"parrot"' in muai("route", "parrot these words").out
    assert muai("route", "parrot these words").out.startswith("echo_back")


def test_a_routing_file_of_no_workflow_is_an_error_of_the_check_and_a_warning_else(own_workflow: Path) -> None:
    stray = own_workflow.parent / "routing" / "ehco_back.en.txt"
    stray.parent.mkdir()
    stray.write_text("say it once more", encoding="utf-8")
    checked = muai("workflows", "check")
    assert (checked.code, f"{stray}: is no workflow's. Did you mean 'echo_back.en.txt'" in checked.err) == (2, True)
    assert f"warning: left out: {stray}" in muai("workflows", "list").err
