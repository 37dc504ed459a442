"""The search providers by name."""

from __future__ import annotations

import pytest

from mm_orch.errors import UnknownName
from mm_orch.providers.registry import CORPUS, PROVIDERS, Entry, SearchOptions, named


@pytest.mark.parametrize("name", ["duckduckgo", "duckduckgo-search", "ddgs", " ddgs "])
def test_the_former_names_of_ddgs_still_work(name: str) -> None:
    assert named(name).name == "ddgs"


def test_an_unknown_provider_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        named("duckduck")
    assert "Did you mean 'duckduckgo'" in str(caught.value.hint)


@pytest.mark.parametrize(
    "entry", [entry for entry in PROVIDERS if entry.name != CORPUS], ids=lambda entry: entry.name
)
def test_every_provider_is_built_under_its_own_name_without_its_key(entry: Entry) -> None:
    assert entry.built(SearchOptions()).name == entry.name


def test_a_key_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAVE_SEARCH_API_KEY", "secret-1")
    assert named("brave").key.value == "secret-1"
    assert named("ddgs").key.value == ""
