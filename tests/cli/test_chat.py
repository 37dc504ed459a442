"""A conversation at the prompt, with its lines piped in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mm_orch import app, settings
from mm_orch.cli import chat_commands
from mm_orch.cli.chat_state import ChatState
from mm_orch.cli.options import RunOptions
from mm_orch.records.query import Query
from mm_orch.runtime.mock_engine import MockEngine
from tests.cli.program import muai


def chat(*lines: str, options: tuple[str, ...] = ()) -> Any:
    return muai("--mode", "chat", *options, stdin="".join(f"{line}\n" for line in lines))


def test_every_line_is_answered_until_the_input_ends() -> None:
    ran = chat("hello", "", "how are you")
    assert ran.code == 0
    assert ran.out.count("[mock] This is the built-in mock") == 2


def test_words_on_the_command_line_are_said_first() -> None:
    assert "good morning" in muai("--mode", "chat", "good", "morning").out


def test_the_fourth_prompt_holds_the_first_turn() -> None:
    ran = chat("My name is Ada.", "I like tea.", "I live in Oslo.", "Who am I?", options=("--verbose",))
    prompts = ran.err.split("--- prompt of step 'reply' ---")[1:]
    assert len(prompts) == 4
    assert "My name is Ada." in prompts[3]
    assert "Who am I?" in prompts[3]


def test_a_name_that_was_said_is_recalled() -> None:
    def script(request: Any) -> str:
        said = [message.content for message in request.prompt if message.role == "user"]
        named = [line.removeprefix("My name is ").rstrip(".") for line in said if line.startswith("My name is ")]
        return f"You are {named[-1]}." if said[-1] == "Who am I?" and named else "I see."

    with app.build(settings.load(), engine=MockEngine(script=script)) as built:
        answers = [
            built.run(Query(line, "chat_generate", "s")).answer
            for line in ("My name is Ada.", "I like tea.", "I live in Oslo.", "Who am I?")
        ]
    assert answers == ["I see.", "I see.", "I see.", "You are Ada."]


def test_help_names_every_command() -> None:
    shown = chat("/help").err
    for name in ("/help", "/new", "/model", "/workflow", "/search", "/lesson", "/sources", "/save", "/exit"):
        assert name in shown


def test_exit_leaves_at_once() -> None:
    assert chat("/exit", "hello").out == ""


def test_an_unknown_command_names_the_nearest_and_the_talk_goes_on() -> None:
    ran = chat("/serch tea", "hello")
    assert "error: unknown command '/serch'. Did you mean /search? Known: /help /new" in ran.err
    assert "[mock]" in ran.out
    assert ran.code == 1


def test_search_answers_with_sources_and_its_result_enters_the_history() -> None:
    ran = chat("/search What is tea?", "Shorter, please.", options=("--verbose",))
    assert "Sources:\n[1]" in ran.out
    assert "What is tea?" in ran.err.rpartition("--- prompt of step 'reply' ---")[2]


def test_lesson_writes_a_lesson() -> None:
    assert "## Exercises" in chat("/lesson tea").out


def test_new_forgets() -> None:
    ran = chat("My name is Ada.", "/new", "Who am I?", options=("--verbose",))
    assert "Ada" not in ran.err.rpartition("--- prompt of step 'reply' ---")[2]


def test_sources_are_those_of_the_last_answer() -> None:
    assert chat("/search What is tea?", "/sources").out.count("Sources:") == 2
    assert "no sources" in chat("hello", "/sources").err


def test_workflow_decides_who_answers() -> None:
    ran = chat("/workflow search_qa", "tea", "/workflow auto", "What is tea?", "/workflow nope")
    assert ran.out.count("Sources:") == 2
    assert "unknown workflow 'nope'" in ran.err


def test_save_writes_markdown(tmp_path: Path) -> None:
    file = tmp_path / "talk.md"
    assert chat("你好", f"/save {file}").code == 0
    written = file.read_text(encoding="utf-8")
    assert written.startswith("# 你好\n")
    assert "**You**:\n\n你好" in written
    assert "**MuAI**:\n\n[mock]" in written


@pytest.mark.parametrize("line", ["/save", "/search", "/lesson"])
def test_a_command_that_needs_more_says_so(line: str) -> None:
    assert f"error: {line} needs something after it" in chat(line).err


def test_saving_before_anything_was_said_or_into_a_folder_is_an_error(tmp_path: Path) -> None:
    assert "nothing to save" in chat(f"/save {tmp_path / 'x.md'}").err
    assert "cannot be written" in chat("hello", f"/save {tmp_path}").err


def test_a_session_is_continued() -> None:
    chat("My name is Ada.", options=("--session", "s"))
    assert "Ada" in chat("Who am I?", options=("--session", "s", "--verbose")).err


def test_json_gives_a_document_a_turn() -> None:
    import json

    documents = [json.loads(line) for line in chat("hello", "what is tea", options=("--json",)).out.splitlines()]
    assert [document["status"] for document in documents] == ["ok", "ok"]
    assert len({document["session_id"] for document in documents}) == 1


def test_a_model_that_is_unknown_changes_nothing() -> None:
    ran = chat("/model gtp2", "/model")
    assert "unknown model 'gtp2'. Did you mean 'gpt2'?" in ran.err
    assert "MuAI with the built-in mock" in ran.err


def test_two_slashes_begin_a_text() -> None:
    with app.build(settings.load()) as built:
        turn = chat_commands.meaning(ChatState(RunOptions(), built), "//usr is a folder")
    assert turn == chat_commands.Turn("/usr is a folder", "chat_generate")


@pytest.mark.model
def test_another_model_takes_over_the_conversation() -> None:
    ran = chat("My name is Ada.", "/model smollm2-135m", "Who am I?", options=("--verbose", "-n", "8", "--offline"))
    assert ran.code == 0
    assert "My name is Ada." in ran.err.rpartition("--- prompt of step 'reply' ---")[2]
