"""Messages on the reader's pipes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.documents.frames import read_frame, write_frame


@given(st.dictionaries(st.text(), st.none() | st.text()), st.binary())
def test_a_message_arrives_as_it_was_sent(head: dict[str, str | None], body: bytes) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, head, body)
    write_frame(pipe, {}, b"next")
    pipe.seek(0)
    assert read_frame(pipe) == (head, body)
    assert read_frame(pipe) == ({}, b"next")


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_pipe_that_ends_is_noticed_wherever_it_ends(length: int) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, {"url": "x"}, b"body")
    with pytest.raises(EOFError):
        read_frame(io.BytesIO(pipe.getvalue()[:length]))
