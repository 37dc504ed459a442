import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.nodes.citations import CitationFilter


def filtered(text: str, known: set[int]) -> tuple[str, list[int]]:
    checked = CitationFilter(known)
    return checked.feed(text) + checked.close(), checked.removed


@pytest.mark.parametrize(
    ("text", "expected", "removed"),
    [
        ("Bees dance [1].", "Bees dance [1].", []),
        ("Bees dance [7].", "Bees dance.", [7]),
        ("Bees dance [1][7] well.", "Bees dance [1] well.", [7]),
        ("Bees dance [1, 7].", "Bees dance [1].", [7]),
        ("蜜蜂跳舞【9】。", "蜜蜂跳舞。", [9]),
        ("蜜蜂跳舞[2]。", "蜜蜂跳舞[2]。", []),
        ("In 1959 [sic] it began.", "In 1959 [sic] it began.", []),
        ("Use `a[7]` here [7].", "Use `a[7]` here.", [7]),
        ("It ends in [", "It ends in [", []),
    ],
)
def test_numbers_that_name_no_source_go(text: str, expected: str, removed: list[int]) -> None:
    assert filtered(text, {1, 2}) == (expected, removed)


@given(st.text(alphabet="ab [],19`【】 ", max_size=40), st.integers(1, 5))
def test_pieces_give_the_same_text_as_the_whole(text: str, size: int) -> None:
    checked = CitationFilter({1})
    pieces = [checked.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + checked.close() == filtered(text, {1})[0]
