"""Both catalogues say the same things, and what is in them is not said elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

from mm_orch import errors
from mm_orch.language.detection import detect
from mm_orch.words import LANGUAGES, catalogue, say

PACKAGE = Path(__file__).resolve().parent.parent.parent / "mm_orch"
DONE = ("nodes", "exports", "routing", "orchestrator")
"""Rooms whose sentences for people all stand in the catalogues."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def trees(*rooms: str) -> list[tuple[Path, ast.AST]]:
    paths = [
        path for path in sorted(PACKAGE.rglob("*.py")) if path.relative_to(PACKAGE).parts[0] in rooms or not rooms
    ]
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def literals(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_both_languages_have_the_same_keys_in_order() -> None:
    assert list(catalogue("en")) == list(catalogue("zh")) == sorted(catalogue("en"))


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_a_sentence_takes_the_same_values_in_both_languages(key: str) -> None:
    assert placeholders(catalogue("en")[key]) == placeholders(catalogue("zh")[key])


@pytest.mark.parametrize("key", [key for key in sorted(catalogue("en")) if key.startswith("warning.")])
def test_a_warning_is_written_in_its_language(key: str) -> None:
    assert [detect(catalogue(language)[key]) for language in LANGUAGES] == list(LANGUAGES)


def test_a_key_is_a_sentence_with_its_values() -> None:
    assert say("warning.found_nothing", "en", provider="corpus") == "corpus: found nothing"
    assert say("warning.found_nothing", "zh", provider="corpus") == "corpus：没有找到内容"
    assert say("warning.found_nothing", "fr", provider="corpus") == "corpus: found nothing"
    with pytest.raises(KeyError):
        say("warning.none", "en")


def test_a_value_with_braces_is_put_in_as_it_is() -> None:
    assert say("warning.search_failed", "en", error="{error} {0}") == "search failed: {error} {0}"


def test_every_key_is_used() -> None:
    said = {text for _, tree in trees() for text in literals(tree)}
    keys = [key.removesuffix(".hint") for key in catalogue("en")]
    assert [key for key in keys if not {key, key.partition(".")[2]} & said] == []


def test_steps_warn_by_key() -> None:
    for path, tree in trees("nodes"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("run.warn", "run.degrade", "tell"):
                key = node.args[0]
                assert isinstance(key, ast.Constant), f"{path}:{node.lineno}: a sentence, not a key"
                assert f"warning.{key.value}" in catalogue("en"), f"{path}:{node.lineno}"


ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.MuAIError)}
BY_KEY = ("cli", "corpus", "documents", "exports", "main.py", "nodes", "recording", "routing", "storage")
"""Rooms whose errors all come from the catalogues."""


def test_an_error_of_a_room_that_is_done_is_raised_by_key() -> None:
    for path, tree in trees(*BY_KEY):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ERRORS - {"UnknownName"}:
                key = node.args[0]
                assert not isinstance(key, ast.JoinedStr), f"{path}:{node.lineno}: a sentence, not a key"
                assert not isinstance(key, ast.Constant) or f"error.{key.value}" in catalogue("en"), (
                    f"{path}:{node.lineno}"
                )


def is_chinese_sentence(text: str) -> bool:
    """Whether ``text`` has Chinese words and punctuation, and is no pattern."""
    return (
        sum("\u4e00" <= one <= "\u9fff" for one in text) > 3 and bool(set(text) & set("，。：")) and "|" not in text
    )


def test_no_chinese_sentence_stands_in_the_code_of_a_room_that_is_done() -> None:
    for path, tree in trees(*DONE):
        assert not [text for text in literals(tree) if is_chinese_sentence(text)], path
