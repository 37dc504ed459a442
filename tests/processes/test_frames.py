"""Messages on the pipes of a child."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.errors import InvalidInput
from mm_orch.processes import frames

HEADS = st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.lists(st.text()))


@given(HEADS, st.binary())
def test_a_message_arrives_as_it_was_sent(head: dict[str, object], body: bytes) -> None:
    pipe = io.BytesIO()
    frames.write(pipe, frames.encode(head, body))
    frames.write(pipe, frames.encode({}, b"next"))
    pipe.seek(0)
    assert list(frames.until_end(pipe)) == [(head, body), ({}, b"next")]


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_pipe_that_ends_is_noticed_wherever_it_ends(length: int) -> None:
    message = b"".join(frames.encode({"url": "x"}, b"body"))
    with pytest.raises(EOFError):
        frames.read(io.BytesIO(message[:length]))
    assert len(list(frames.until_end(io.BytesIO(message + message[:length])))) == 1


def test_a_head_that_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match="object"):
        frames.read(io.BytesIO(b"\0\0\0\2" + bytes(8) + b"[]"))


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_json_cannot_hold_is_refused_before_it_is_sent(value: object) -> None:
    with pytest.raises(InvalidInput, match="JSON"):
        frames.encode({"value": value})


def test_what_holds_itself_is_refused() -> None:
    head: dict[str, object] = {}
    head["head"] = head
    with pytest.raises(InvalidInput):
        frames.encode(head)
