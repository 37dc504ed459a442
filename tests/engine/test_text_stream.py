"""Text is shown in whole characters and never shows a stop string."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mm_orch.engine.text_stream import TextStream


def _run(data: bytes, cuts: list[int], stops: tuple[str, ...] = ()) -> tuple[list[str], TextStream]:
    stream = TextStream(stops)
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    shown = [stream.push(data[start:end]) for start, end in pairwise(places)]
    shown.append(stream.finish())
    return shown, stream


@given(st.text(), st.lists(st.integers(0, 200)))
def test_pieces_joined_are_the_whole_text(text: str, cuts: list[int]) -> None:
    shown, stream = _run(text.encode(), cuts)
    assert "".join(shown) == text == stream.text


@given(
    st.text("ab你😀", max_size=30), st.lists(st.integers(0, 100)), st.lists(st.text("ab你", min_size=1, max_size=3))
)
def test_text_ends_before_the_first_stop_string_wherever_the_bytes_are_cut(
    text: str, cuts: list[int], stops: list[str]
) -> None:
    shown, stream = _run(text.encode(), cuts, tuple(stops))
    assert "".join(shown) == stream.text
    assert text.startswith(stream.text)
    assert not any(stop in stream.text for stop in stops)
    assert stream.stopped == any(stop in text for stop in stops)
    if not stream.stopped:
        assert stream.text == text


def test_a_character_is_not_shown_before_it_is_whole() -> None:
    stream = TextStream()
    assert [stream.push(bytes([byte])) for byte in "你".encode()] == ["", "", "你"]


def test_a_character_that_never_becomes_whole_is_left_out() -> None:
    shown, _ = _run("好你".encode()[:5], [])
    assert "".join(shown) == "好"


def test_the_beginning_of_a_stop_string_is_held_back_and_then_shown() -> None:
    stream = TextStream(("END",))
    assert [stream.push(b"x E"), stream.push(b"N"), stream.push(b"O")] == ["x ", "", "ENO"]


def test_nothing_is_shown_after_a_stop_string() -> None:
    stream = TextStream(("END",))
    assert [stream.push(b"x END y"), stream.push(b"z"), stream.finish()] == ["x ", "", ""]
