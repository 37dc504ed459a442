"""What became of a run: shown, replayed, resumed; and answers saved to files."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from mm_orch import app, parts, settings
from mm_orch.errors import EngineCrashed
from mm_orch.records.query import Query
from mm_orch.records.session import Ending
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows import background
from tests.cli.program import muai


@pytest.fixture
def answered() -> str:
    """The id of a run of search_qa that ended."""
    identity: str = muai("--json", "--workflow", "search_qa", "What is tea?").document["run_id"]
    return identity


@pytest.fixture
def failed() -> str:
    """The id of a run whose model broke down."""
    broken = MockEngine(script=[EngineCrashed("the model's process ended")])
    with app.build(settings.load(), engine=broken) as built:
        with contextlib.suppress(EngineCrashed):
            built.run(Query("hello you", "chat_generate"))
        return background.run(built.store.runs())[0].id


def test_a_run_is_shown_step_by_step(answered: str) -> None:
    shown = muai("runs", "show", answered).out
    for expected in (
        "Question: What is tea?",
        "Model: mock (mock)",
        "searched for: 'What is tea?'",
        "3 found by mock",
    ):
        assert expected in shown
    assert "read: [mock] " in shown
    assert "(345 characters) mock://en/1" in shown or "characters) mock://en/1" in shown
    assert "answer (generate)" in shown
    assert "Tokens: 8192 in the context" in shown
    assert "Sentences: " in shown
    assert "\n[1] [mock]" in shown


def test_prompts_are_shown_in_full_when_asked_for(answered: str) -> None:
    assert "prompt:" not in muai("runs", "show", answered).out
    shown = muai("runs", "show", answered, "--prompts").out
    assert "prompt:" in shown
    assert "What is tea?" in shown.split("prompt:")[1]


def test_a_chinese_run_is_shown_under_chinese_words() -> None:
    identity = muai("--json", "什么是茶？").document["run_id"]
    shown = muai("runs", "show", identity).out
    assert "问题：什么是茶？" in shown
    assert "来源：" in shown


def test_a_failed_run_shows_its_error(failed: str) -> None:
    assert "Error: EngineCrashed: the model's process ended" in muai("runs", "show", failed).out


def test_a_run_is_replayed_to_the_same_result(answered: str) -> None:
    ran = muai("runs", "replay", answered)
    assert (ran.code, ran.out.endswith("\nsame result\n")) == (0, True)
    document = muai("runs", "replay", answered, "--json").document
    assert (document["same"], document["differences"]) == (True, [])
    assert document["sources"]


def test_a_failed_run_is_replayed_to_the_same_failure(failed: str) -> None:
    ran = muai("runs", "replay", failed)
    assert (ran.code, ran.out.strip()) == (0, "same result")
    assert "the model's process ended" in ran.err


def test_a_result_that_is_otherwise_is_shown_and_fails(answered: str) -> None:
    store = parts.open_store(keep=True)
    document = dict(background.run(store.run(answered)).document or {}) | {"answer": "Tea is a fish."}
    background.run(store.end(answered, Ending("ok", "search_qa", None, document)))
    store.close()
    ran = muai("runs", "replay", answered)
    assert ran.code == 1
    assert "\n-Tea is a fish.\n" in ran.out


@pytest.mark.timeout(120)
def test_another_model_writes_anew_and_the_difference_is_shown(tiny_gguf: Path) -> None:
    identity = muai("--json", "--workflow", "chat_generate", "hello").document["run_id"]
    ran = muai("runs", "replay", identity, "--model", str(tiny_gguf), "--quiet")
    assert ran.code == 0, ran.err
    assert "--- recorded (mock)" in ran.out
    assert "+++ replayed (" in ran.out
    assert len(muai("runs", "list").out.splitlines()) == 1


def test_a_failed_run_is_resumed_and_answered(failed: str) -> None:
    ran = muai("runs", "resume", failed)
    assert (ran.code, ran.out.startswith("[mock] ")) == (0, True), ran.err
    assert muai("runs", "list").out.split()[3] == "ok"
    assert muai("runs", "replay", failed).code == 0


def test_a_run_that_ended_well_is_not_resumed(answered: str) -> None:
    ran = muai("runs", "resume", answered)
    assert (ran.code, "cannot be resumed" in ran.err) == (2, True)


@pytest.mark.parametrize("command", ["show", "replay", "resume"])
def test_an_unknown_run_is_wrong_use(command: str) -> None:
    ran = muai("runs", command, "nope")
    assert (ran.code, "unknown run 'nope'" in ran.err) == (2, True)


def test_a_run_that_was_not_recorded_says_so(own_home: Path) -> None:
    (own_home / "config.yaml").write_text("storage: {tape_bytes: 0}\n", encoding="utf-8")
    identity = muai("--json", "hello").document["run_id"]
    assert "is not recorded" in muai("runs", "show", identity).out
    ran = muai("runs", "replay", identity)
    assert (ran.code, "nothing is recorded" in ran.err) == (1, True)


def test_nothing_is_written_where_nothing_is_to_be_kept(own_home: Path) -> None:
    (own_home / "config.yaml").write_text("storage: {keep: false}\n", encoding="utf-8")
    assert muai("hello").code == 0
    assert [path.name for path in own_home.iterdir()] == ["config.yaml"]


def test_an_answer_is_saved_in_every_kind(tmp_path: Path) -> None:
    files = [tmp_path / f"tea{ending}" for ending in (".md", ".html", ".json")]
    ran = muai("What is tea?", *(word for file in files for word in ("--save", str(file))))
    assert ran.code == 0
    assert [f"saved to {file}" in ran.err for file in files] == [True] * 3
    document = json.loads(files[2].read_text(encoding="utf-8"))
    assert document["answer"] in ran.out
    quote = document["sources"][0]["quote"]
    assert quote
    assert "# What is tea?" in files[0].read_text(encoding="utf-8")
    assert "<h1>What is tea?</h1>" in files[1].read_text(encoding="utf-8")


def test_a_lesson_is_saved_too(tmp_path: Path) -> None:
    assert muai("lesson", "tea", "--exercises", "1", "--save", str(tmp_path / "tea.md")).code == 0
    assert "tea" in (tmp_path / "tea.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["tea.pdf", "no/folder/tea.md"])
def test_where_nothing_can_be_saved_nothing_runs(tmp_path: Path, name: str, own_home: Path) -> None:
    ran = muai("What is tea?", "--save", str(tmp_path / name))
    assert (ran.code, ran.out) == (2, "")
    assert list(own_home.iterdir()) == []


def test_saving_a_conversation_has_a_command_of_its_own(tmp_path: Path) -> None:
    ran = muai("--mode", "chat", "--save", str(tmp_path / "a.md"), "hi")
    assert (ran.code, "/save FILE" in ran.err) == (2, True)


def test_verbose_shows_where_tokens_went_and_how_sentences_were_checked() -> None:
    err = muai("--verbose", "--workflow", "search_qa", "What is tea?").err
    assert "Tokens: 8192 in the context" in err
    assert "Sentences: " in err
