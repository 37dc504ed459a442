import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.nodes.truncation import cut, whole_sentences
from mm_orch.runtime.mock_engine import MockEngine

ENGINE = MockEngine()


async def test_a_text_that_fits_stays_whole() -> None:
    assert await cut(ENGINE, ["One. Two. Three."], [100]) == ["One. Two. Three."]


async def test_a_text_is_cut_after_a_whole_sentence() -> None:
    text = "The first sentence. The second sentence. The third sentence."
    [size] = await ENGINE.count_tokens(["The first sentence. The second sentence. "])
    assert await cut(ENGINE, [text], [size]) == ["The first sentence. The second sentence."]


async def test_a_first_sentence_that_is_too_long_is_cut_inside() -> None:
    [text] = await cut(ENGINE, ["word " * 500], [50])
    [size] = await ENGINE.count_tokens([text])
    assert 10 < size <= 60


@given(st.lists(st.text(max_size=60), max_size=6), st.integers(0, 40))
async def test_what_is_kept_is_the_beginning(parts: list[str], most: int) -> None:
    text = ". ".join(parts)
    [kept] = await cut(ENGINE, [text], [most])
    assert text.strip().startswith(kept)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is done. Two is do", "One is done."),
        ("第一句。第二句没有", "第一句。"),
        ("Only one without an end", "Only one without an end"),
        ("One. Two!", "One. Two!"),
        ("", ""),
    ],
)
def test_a_broken_off_sentence_goes_unless_it_is_the_only_one(text: str, expected: str) -> None:
    assert whole_sentences(text) == expected
