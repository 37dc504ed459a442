"""Each address goes to the fetcher that understands it."""

from __future__ import annotations

import pytest

from mm_orch.errors import FetchError
from mm_orch.providers.fetch_by_scheme import FetchByScheme
from mm_orch.records.page import Page


class Managed:
    def __init__(self) -> None:
        self.told: list[str] = []

    async def fetch(self, url: str) -> Page:
        return Page(url, "managed", "text")

    def warm(self) -> None:
        self.told.append("warm")

    def close(self) -> None:
        self.told.append("close")


class Named:
    def __init__(self, name: str) -> None:
        self._name = name

    async def fetch(self, url: str) -> Page:
        return Page(url, self._name, "text")


@pytest.mark.parametrize(("url", "name"), [("mock://a", "mock"), ("HTTP://a/", "web"), ("https://a/", "web")])
async def test_the_scheme_decides(url: str, name: str) -> None:
    fetch = FetchByScheme({"mock": Named("mock"), "http": Named("web"), "https": Named("web")})
    assert (await fetch.fetch(url)).title == name


async def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(FetchError, match="can: mock"):
        await FetchByScheme({"mock": Named("mock")}).fetch("ftp://a/")


def test_those_that_start_something_are_told_once_each() -> None:
    web = Managed()
    fetch = FetchByScheme({"mock": Named("mock"), "http": web, "https": web})
    fetch.warm()
    fetch.close()
    assert web.told == ["warm", "close"]
