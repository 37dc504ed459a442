import pytest

from mm_orch.nodes.prompt_values import as_text
from mm_orch.records.message import Message
from mm_orch.records.note import Note
from mm_orch.records.page import Page


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (3, "3"),
        ("as it is", "as it is"),
        (["a", "b"], "- a\n- b"),
        ({"question": "Why?", "answer": "So."}, "question: Why?\nanswer: So."),
        (Message("user", "Hi"), "user: Hi"),
        (Page("u", "Title", "Text."), "Title\nText."),
        ([Note(1, "T", "u", "It\n is."), Note(2, "T", "u", "So.")], "It is. [1]\nSo. [2]"),
    ],
)
def test_a_value_reads_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
