from __future__ import annotations

from mm_orch.routing.reasons import deciding


def test_phrases_are_quoted_before_patterns_and_these_before_single_words() -> None:
    word, pattern, phrase = {"me": 3.0}, {"^ teach me □": 2.0}, {"phrase:^teach ... me$": 1.0}
    assert deciding(word | pattern | phrase, {}) == ["teach … me"]
    assert deciding(word | pattern, {}) == ["teach me"]
    assert deciding(word, {}) == ["me"]


def test_chinese_is_quoted_without_spaces() -> None:
    assert deciding({"教 我 □": 1.0}, {}) == ["教我"]


def test_what_speaks_as_much_for_the_other_side_decided_nothing() -> None:
    assert deciding({"teach me": 2.0}, {"teach me": 2.0}) == []


def test_what_is_no_wording_is_not_quoted() -> None:
    assert deciding({"<length 3>": 5.0, "□": 5.0, "^ □ $": 5.0, "<number>": 5.0, "?": 5.0}, {}) == []


def test_a_piece_within_another_is_quoted_once_and_at_most_three_are() -> None:
    pieces = {"teach me": 4.0, "teach me how": 3.0, "how to": 2.0, "to play": 1.5, "a game": 1.0}
    assert deciding(pieces, {}) == ["teach me how", "how to", "to play"]
