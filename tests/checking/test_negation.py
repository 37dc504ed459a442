from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.facts import read
from mm_orch.checking.negation import denied, negations, opposed
from mm_orch.language.stems import units


def words_denied(text: str) -> set[str]:
    return set(denied(units(text), negations(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the bridge is not open to cars", {"open", "car"}),
        ("it isn't open", {"open"}),
        ("dogs never travel free", {"travel", "fre"}),
        ("no dogs, but cats", {"dog"}),
        ("he failed to win", {"win"}),
        ("cyclists need it without a ticket", {"ticket"}),
        ("不对汽车开放", {"汽车", "车开", "开放"}),
        ("桥上没有路灯", {"路灯"}),
        ("无需车票，可通行", {"需车", "车票"}),
        ("从未开通", {"开通"}),
    ],
)
def test_a_negation_denies_what_follows_in_its_clause(text: str, found: set[str]) -> None:
    assert words_denied(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "the bridge is open",
        "notable knots",
        "not only dogs travel",
        "no less than ten dogs",
        "桥上有路灯",
        "不断增长",
        "不仅便宜",
        "非常重要",
        "非洲",
        "无论天气",
        "未来计划",
        "没收财物",
        "无人机飞行",
    ],
)
def test_what_only_looks_like_a_negation_denies_nothing(text: str) -> None:
    assert words_denied(text) == set()


def test_a_negation_reaches_four_words_and_no_more() -> None:
    assert words_denied("never did cows, goats") == {"cow"}
    assert words_denied("never did cows goats pigs birds mice sheep sleep") == {"cow", "goat", "pig", "bird"}


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("The museum opened in May.", "The museum closed in May."),
        ("Sales rose.", "Sales have fallen."),
        ("Exports grew.", "Exports shrank; they declined."),
        ("The council raised the tax.", "The council lowered the tax."),
        ("The treaty was rejected.", "The treaty was accepted."),
        ("博物馆五月开放。", "博物馆五月关闭。"),
        ("出口量增至650吨。", "出口量降至650吨。"),
        ("议会批准了条约。", "议会拒绝了条约。"),
        ("天气温暖。", "天气寒冷。"),
    ],
)
def test_words_that_say_the_contrary_are_opposed_both_ways(sentence: str, other: str) -> None:
    assert opposed(read(sentence), [read(other)])
    assert opposed(read(other), [read(sentence)])


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("Sales rose.", "Sales increased."),
        ("The museum opens at ten.", "The museum opens at ten and closes at five."),
        ("The museum is large.", "The museum is closed."),
        ("出口量上升。", "出口量增长。"),
        ("博物馆十点开门。", "博物馆十点开门，五点关门。"),
        ("博物馆很大。", "博物馆关闭了。"),
    ],
)
def test_words_of_one_side_or_of_both_are_not_opposed(sentence: str, other: str) -> None:
    assert not opposed(read(sentence), [read(other)])


@given(st.text(alphabet="not never no 不没有未无非,，but n'开关", max_size=40))
def test_no_text_is_opposed_to_itself_and_places_lie_within_it(text: str) -> None:
    assert not opposed(read(text), [read(text)])
    assert all(0 < start <= end <= len(text) for start, end in negations(text))
