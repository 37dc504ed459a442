"""Asking from the command line: what is printed where, and what the exit code is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mm_orch import __version__, parts
from mm_orch.workflows import background
from tests.cli.program import muai

KEYS = {
    "run_id", "session_id", "status", "workflow", "route", "answer", "data", "sources", "warnings", "model",
    "provider", "usage", "timings", "steps", "error",
}  # fmt: skip


def test_an_answer_goes_to_stdout_and_progress_to_stderr() -> None:
    ran = muai("What is tea?")
    assert ran.code == 0
    assert ran.out.startswith("[mock] ")
    assert "--real-models" in ran.out
    assert "\n\nSources:\n[1] [mock]" in ran.out
    assert "- workflow search_qa" in ran.err
    assert "- research: 3/3 pages" in ran.err


def test_chinese_is_answered_in_chinese() -> None:
    ran = muai("什么是机器学习？")
    assert ran.out.startswith("[mock] ")
    assert "来源：" in ran.out


@pytest.mark.parametrize("words", [("What", "is", "tea?"), ("ask", "What is tea?"), ("--", "What is tea?")])
def test_words_join_into_the_question(words: tuple[str, ...]) -> None:
    assert "What%20is%20tea" in muai(*words).out


def test_the_prompt_option_is_the_question() -> None:
    assert "What%20is%20tea" in muai("-p", "What is tea?").out


def test_a_word_that_is_a_command_can_be_asked_about() -> None:
    assert "models" in muai("ask", "models", "--workflow", "chat_generate").out


def test_piped_text_is_put_after_the_words() -> None:
    muai("Shorten this:", "--workflow", "chat_generate", stdin="\ufefftea is hot\n")
    [run] = background.run(parts.open_store(keep=True).runs())
    assert run.query == "Shorten this:\n\ntea is hot"


def test_piped_text_alone_is_a_question() -> None:
    assert muai(stdin="什么是茶？\n").out.startswith("[mock] ")


def test_quiet_leaves_stderr_empty() -> None:
    assert muai("--quiet", "What is tea?").err == ""


def test_verbose_shows_the_prompts() -> None:
    ran = muai("--verbose", "--workflow", "chat_generate", "hello there")
    assert "--- prompt of step 'reply' ---" in ran.err
    assert "hello there" in ran.err


def test_json_is_one_document_with_the_promised_keys() -> None:
    ran = muai("--json", "What is tea?")
    assert set(ran.document) >= KEYS
    assert ran.document["status"] == "ok"
    assert set(ran.document["route"]) == {"workflow", "confidence", "reason", "alternatives"}
    assert set(ran.document["sources"][0]) == {"id", "title", "url", "quote"}
    assert set(ran.document["usage"]) == {"prompt_tokens", "cached_tokens", "completion_tokens"}
    assert ran.document["error"] is None
    assert [set(step) for step in ran.document["steps"]] == [{"id", "kind", "seconds"}] * len(ran.document["steps"])


def test_a_failure_prints_the_document_too() -> None:
    ran = muai("--json", "--workflow", "chat_generate", "--param", "colour=red", "hello")
    assert ran.code == 2
    assert (ran.document["status"], ran.document["error"]["type"]) == ("failed", "InvalidInput")
    assert ran.document["run_id"]
    assert set(ran.document) >= KEYS
    assert ran.err.splitlines()[-1].startswith("error: workflow 'chat_generate' has no input 'colour'")


def test_a_failure_before_the_run_prints_the_document_too() -> None:
    ran = muai("--json", "--workflow", "nope", "hello")
    assert (ran.document["run_id"], ran.document["error"]["type"]) == (None, "UnknownName")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--workflow", "serch_qa", "q"), "unknown workflow 'serch_qa'. Did you mean 'search_qa'? Known: chat_gen"),
        (("--search", "dgs", "q"), "unknown search provider 'dgs'. Did you mean 'ddgs'? Known: "),
        (("--model", "gtp2", "q"), "unknown model 'gtp2'. Did you mean 'gpt2'? Known: gpt2"),
        (("--language", "fr", "q"), "language is 'fr': it should be 'auto', 'zh' or 'en'"),
        (("--mode", "cat", "q"), "unknown mode 'cat'. Did you mean 'chat'? Known: ask, chat"),
        (("--model", "gpt2", "--mock", "q"), "--model names a real model, --mock asks for none"),
        (("--nonsense", "q"), "No such option: --nonsense"),
        (("--top-k", "many", "q"), "Invalid value for '--top-k'"),
        (("--top-p", "7", "q"), "top_p"),
        (("--param", "topic", "q"), "Write it as KEY=VALUE"),
        (("",), "the question is empty"),
        (("--session", "a\nb", "q"), "no usable name"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(words: tuple[str, ...], message: str) -> None:
    ran = muai(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err.splitlines()[-1]
    assert ran.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in ran.err


def test_a_question_of_a_megabyte_is_refused() -> None:
    ran = muai(stdin="a" * 1_000_000)
    assert (ran.code, ran.err) == (2, "error: the question has more than 200,000 characters. Shorten it\n")


def test_a_session_goes_on() -> None:
    first = muai("--json", "--session", "s", "--workflow", "chat_generate", "My name is Ada").document
    ran = muai("--json", "--session", "s", "--workflow", "chat_generate", "--verbose", "Who am I?")
    assert first["session_id"] == "s"
    assert "My name is Ada" in ran.err


def test_storage_that_is_off_writes_nothing(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUAI_STORAGE__KEEP", "false")
    assert muai("hello").code == 0
    assert list(own_home.iterdir()) == []


def test_a_damaged_database_is_one_line_and_left_alone(own_home: Path) -> None:
    (own_home / "muai.db").write_bytes(b"not a database at all" * 60)
    ran = muai("hello")
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("error: the database ")
    assert (own_home / "muai.db").read_bytes() == b"not a database at all" * 60


def test_a_broken_configuration_file_is_exit_code_2(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("search: {limt: 3}\n", encoding="utf-8")
    ran = muai("--config", str(config), "hello")
    assert ran.code == 2
    assert "limt" in ran.err
    assert str(config) in ran.err


def test_a_broken_prompt_file_is_exit_code_2(own_home: Path) -> None:
    (own_home / "prompts" / "search_qa").mkdir(parents=True)
    (own_home / "prompts" / "search_qa" / "answer.json").write_text("{", encoding="utf-8")
    ran = muai("hello")
    assert ran.code == 2
    assert "answer.json" in ran.err.splitlines()[-1]


def test_a_broken_workflow_file_is_a_warning_unless_it_is_chosen(own_home: Path) -> None:
    (own_home / "workflows").mkdir()
    (own_home / "workflows" / "mine.yaml").write_text("name: mine\nsteps: []\n", encoding="utf-8")
    ran = muai("--workflow", "chat_generate", "hello")
    assert ran.code == 0
    assert next(line for line in ran.err.splitlines() if "mine.yaml" in line).startswith("warning: ")
    assert muai("--workflow", "mine", "hello").code == 2


def test_an_unexpected_error_is_one_line_without_a_traceback() -> None:
    from mm_orch.cli import failure

    line = failure.line(ZeroDivisionError("division\nby zero"))
    assert line == "error: unexpected ZeroDivisionError: division by zero (run again with --verbose to see where)"


def test_verbose_shows_the_traceback() -> None:
    ran = muai("--verbose", "--workflow", "nope", "hello")
    assert "Traceback (most recent call last)" in ran.err
    assert ran.err.splitlines()[-1].startswith("error: unknown workflow 'nope'")


def test_version_and_help() -> None:
    assert muai("--version").out == f"muai {__version__}\n"
    shown = muai("--help").out
    for word in ("--real-models", "--model", "-ngl", "--offline", "models", "doctor", "lesson"):
        assert word in shown


def test_model_info_lists_and_shows() -> None:
    listed = muai("--model-info")
    assert "* smollm2-135m" in listed.out
    assert "qwen2.5-7b" in listed.out
    shown = muai("--model-info", "gpt2")
    assert "model_name" in shown.out
    assert "muai pull gpt2" in shown.out
    assert muai("--model-info", "gtp2").code == 2


def test_lesson_has_options_of_its_own() -> None:
    ran = muai("lesson", "photosynthesis", "--difficulty", "advanced", "--exercises", "4", "--json")
    assert ran.document["workflow"] == "lesson_pack"
    assert ran.document["data"]["difficulty"] == "advanced"
    assert len(ran.document["data"]["exercises"]) == 4
    assert ran.document["data"]["topic"] == "photosynthesis"


def test_lesson_without_a_topic_is_wrong_use() -> None:
    assert muai("lesson").code == 2
    assert muai("lesson", " ").code == 2


def test_json_is_utf8_text() -> None:
    assert "什么是茶" in json.dumps(muai("--json", "什么是茶").document, ensure_ascii=False)
