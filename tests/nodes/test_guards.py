import pytest

from mm_orch.nodes.guards import Guard


@pytest.mark.parametrize(
    ("value", "empty"),
    [(None, True), ("", True), (" \n", True), ([], True), ([0], False), (0, False), ("x", False)],
)
def test_a_guard_asks_whether_a_key_is_empty(value: object, empty: bool) -> None:
    assert Guard.parse("notes is empty").holds({"notes": value}) == empty
    assert Guard.parse("notes is  not empty").holds({"notes": value}) != empty


def test_a_key_that_nobody_wrote_is_empty() -> None:
    assert Guard.parse("notes is empty").holds({})


@pytest.mark.parametrize("text", ["notes", "notes is full", "not notes is empty", "len(notes) > 0", ""])
def test_anything_else_is_no_guard(text: str) -> None:
    with pytest.raises(ValueError, match="should read"):
        Guard.parse(text)
