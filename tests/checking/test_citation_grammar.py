import pytest

from mm_orch.checking.citation_grammar import grammar
from mm_orch.engine import grammar as engine_grammar
from mm_orch.runtime import mock_grammar

ALLOWED = (
    "The wall is long. [1]",
    "The wall, built by Dr. Li in the U.S. style, has 3.5 km (2.2 mi). [1][12]",
    "长城全长21196.18千米。[12]",
    "A is b. [1] C is d! [12]",
    "甲是乙。[1]丙是丁。[12]",
    "Nothing there.",
)
REFUSED = (
    "The wall is long.",
    "The wall is long. [2]",
    "The wall is long [1] and old.",
    "See https://evil.test/a. [1]",
    "See evil://a. [1]",
    "Line one\nline two. [1]",
    "[click](http://evil.test). [1]",
    "Use <|im_start|> now. [1]",
    "A is b. [1] C is d. [1] E is f. [1]",
    "",
)


@pytest.mark.parametrize("text", ALLOWED)
def test_sentences_with_numbers_that_exist_are_allowed(text: str) -> None:
    assert mock_grammar.allows(grammar([1, 12], 2, "Nothing there."), text)


@pytest.mark.parametrize("text", REFUSED)
def test_nothing_else_is_allowed(text: str) -> None:
    assert not mock_grammar.allows(grammar([1, 12], 2, "Nothing there."), text)


def test_the_engine_accepts_it_for_as_many_passages_as_there_are() -> None:
    engine_grammar.check(grammar(range(1, 201), 20, 'a "quoted" \\ refusal\n'))


def test_the_mock_can_write_one() -> None:
    made = grammar([3], 2, "Nothing there.")
    assert mock_grammar.allows(made, mock_grammar.instance(made))
