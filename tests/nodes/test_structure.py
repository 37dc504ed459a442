import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.nodes import structure

SCHEMA = {"type": "object", "properties": {"question": {"type": "string"}, "answer": {"type": "string"}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"question": "Why', {"question": "Why"}),
        ('{"question": "Why?", "ans', {"question": "Why?"}),
        ('{"question": "Why?", "answer":', {"question": "Why?"}),
        ('["one", "tw', ["one", "tw"]),
        ('["one",', ["one"]),
        ('{"a": {"b": [1, 2', {"a": {"b": [1, 2]}}),
        ('{"a": "x\\', {"a": "x"}),
        ("", None),
        ("no structure", None),
    ],
)
def test_what_was_written_before_the_break_is_kept(text: str, expected: object) -> None:
    assert structure.salvage(text) == expected


@given(
    st.recursive(st.text(max_size=8), lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part)),
    st.data(),
)
def test_any_beginning_of_a_structure_can_be_saved(value: object, data: st.DataObject) -> None:
    text = json.dumps([value])
    end = data.draw(st.integers(1, len(text)))
    assert isinstance(structure.salvage(text[:end]), list)


def test_what_is_missing_is_blank() -> None:
    assert structure.filled({"question": "Why?"}, SCHEMA) == {"question": "Why?", "answer": ""}
    assert structure.filled(None, SCHEMA) == {"question": "", "answer": ""}
    assert structure.filled("text", {"type": "array"}) == []
