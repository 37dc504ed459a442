import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.citations import CitedSentence, taken_apart


def sentences(draft: str, *known: int) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.text, each.ids) for each in taken_apart(draft, known).sentences]


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("A is b. [1] C is d. [2]", [("A is b.", (1,)), ("C is d.", (2,))]),
        ("A is b [1]. C is d [2].", [("A is b.", (1,)), ("C is d.", (2,))]),
        ("A is b.[1][2]", [("A is b.", (1, 2))]),
        ("A is b. [1, 2]", [("A is b.", (1, 2))]),
        ("甲是乙。【1】丙是丁。[2]", [("甲是乙。", (1,)), ("丙是丁。", (2,))]),
        ("甲是乙【1】。丙是丁[2]。", [("甲是乙。", (1,)), ("丙是丁。", (2,))]),
        ("Tea is hot. Ice is cold. [2]", [("Tea is hot.", (2,)), ("Ice is cold.", (2,))]),
    ],
)
def test_each_sentence_has_the_numbers_behind_it(draft: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    assert sentences(draft, 1, 2) == found


def test_numbers_that_name_no_passage_are_told_apart() -> None:
    draft = taken_apart("A is b. [7] C is d. [1][9]", {1})
    assert draft.sentences == (CitedSentence("A is b.", ()), CitedSentence("C is d.", (1,)))
    assert draft.unknown == (7, 9)


def test_what_broke_off_before_its_number_is_no_sentence() -> None:
    draft = taken_apart("A is b. [1] C is the", {1})
    assert [each.text for each in draft.sentences] == ["A is b."]
    assert draft.rest == "C is the"


@given(st.text(alphabet="ab 12[]【】.。,\n") | st.text())
def test_any_text_can_be_taken_apart(draft: str) -> None:
    found = taken_apart(draft, {1, 2})
    assert all(set(each.ids) <= {1, 2} for each in found.sentences)
