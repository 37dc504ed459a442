"""The mock's own little web."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.providers.mock import hits, page


@given(st.text(), st.sampled_from(["zh", "en", "fr"]), st.integers(0, 9))
def test_every_hit_has_its_page_and_both_are_labelled(query: str, language: str, limit: int) -> None:
    for hit in hits(query, language, limit):
        found = page(hit.url)
        assert found is not None
        assert found.title == hit.title
        assert all(shown.startswith("[mock] ") for shown in (hit.title, hit.snippet, found.text))


def test_pages_are_in_the_language_asked() -> None:
    assert [hit.title for hit in hits("长城", "zh", 2)] == ["[mock] 长城入门", "[mock] 长城实践"]
    (english,) = hits("the wall", "en", 1)
    assert english.title == "[mock] An introduction to the wall"
    assert "MuAI" not in english.snippet


def test_a_long_query_is_shortened() -> None:
    (hit,) = hits("a" * 1_000_000, "en", 1)
    assert len(hit.url) < 200


@pytest.mark.parametrize(
    "url", ["", "mock://en/4?q=a", "mock://fr/1?q=a", "mock://en/1", "http://en/1?q=a", "mock://[x"]
)
def test_other_addresses_have_no_page(url: str) -> None:
    assert page(url) is None
