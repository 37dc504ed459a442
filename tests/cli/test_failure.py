"""An error as a person sees it: one line in their language, never a traceback unless asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mm_orch.cli import failure, screen
from mm_orch.errors import Interrupted, InvalidInput, UnknownName
from tests.cli.program import muai

UNKNOWN = UnknownName("workflow", "serch_qa", ["search_qa"])


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "_language", "en")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_an_error_is_one_line_that_says_what_to_do() -> None:
    assert failure.line(UNKNOWN) == (
        "error: unknown workflow 'serch_qa'. Did you mean 'search_qa'? Known: search_qa"
    )
    assert failure.line(Interrupted("interrupted")) == "interrupted"
    assert failure.line(ValueError("one\ntwo")).startswith("error: unexpected ValueError: one two (run again")


@pytest.mark.parametrize(
    ("words", "locale", "language"),
    [
        (["what is a queue"], "", "en"),
        (["什么是队列？"], "", "zh"),
        (["--workflow", "x", "什么是队列？"], "en_US.UTF-8", "zh"),
        (["models", "list"], "zh_CN.UTF-8", "zh"),
        (["--language", "en", "什么是队列？"], "zh_CN.UTF-8", "en"),
        (["--language", "zh", "what is a queue"], "", "zh"),
        (["--language=zh", "what is a queue"], "", "zh"),
        ([], "", "en"),
    ],
)
def test_the_language_is_the_one_named_then_the_questions_then_the_locales(
    words: list[str], locale: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", locale)
    screen.choose_language(words)
    assert screen.language() == language


def test_the_question_decides_over_a_file_name_once_it_is_known(tmp_path: Path) -> None:
    done = muai("--mock", "--save", str(tmp_path / "报告.odt"), "What is a queue?")
    assert (done.code, done.err.startswith("error: ")) == (2, True)


def test_a_chinese_question_is_refused_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    screen.choose_language(["什么是队列？"])
    assert (
        failure.line(UNKNOWN) == "错误：没有名为 'serch_qa' 的工作流。是不是想写 'search_qa'？可用的有：search_qa"
    )
    assert failure.line(InvalidInput("no_topic")).startswith("错误：主题是空的。写在 lesson 后面")


def test_with_json_the_error_is_a_document_and_the_exit_code_says_whose_fault_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen.choose_language(["什么是队列？"])
    assert failure.report(UNKNOWN, as_json=True, verbose=False) == 2
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["type"], told["message"]) == ("UnknownName", "没有名为 'serch_qa' 的工作流")


def test_the_whole_program_answers_a_wrong_name_in_the_questions_language() -> None:
    done = muai("--mock", "--workflow", "serch_qa", "什么是队列？")
    assert (done.code, done.err.startswith("错误：没有名为")) == (2, True)
