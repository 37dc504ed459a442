from __future__ import annotations

from typing import Any

from mm_orch.records.page import Page
from tests.fixtures.steps import FakeFetch, FakeSearch, hit, node, prompt, ran

QUESTION = "How warm is the water of lake Brell, and who may fish there?"
WARM = Page(hit(1).url, "Brell", "The water of lake Brell is 19 degrees warm in July. Lake Brell is in the north.")
FISH = Page(hit(2).url, "Fishing", "Who may fish in lake Brell: members of the club and their guests.")


def research(**limits: Any) -> Any:
    return node("research", reads={"question": "question"}, prompt="answer", limits=limits)


class Rounds(FakeSearch):
    """Finds one more page at each search."""

    async def search(self, query: Any) -> Any:
        self.hits = (*self.hits, hit(len(self.hits) + 1))
        return await super().search(query)


async def done(step: Any, search: FakeSearch, *pages: Page) -> Any:
    fetch = FakeFetch({page.url: page for page in pages})
    asks = prompt("answer", "{passages} {question}")
    found = await ran(step, {"question": QUESTION}, asks, search=search, fetch=fetch)
    return found, fetch


async def test_one_round_where_the_passages_cover_the_question() -> None:
    search = FakeSearch((hit(1), hit(2)))
    found, fetch = await done(research(covered_from=0.3), search, WARM, FISH)
    assert len(search.queries) == 1
    assert fetch.asked == [hit(1).url, hit(2).url]
    assert {passage.url for passage in found.outputs["passages"]} == {hit(1).url, hit(2).url}
    assert set(found.outputs) == {"passages", "question", "ledger", "coverage", "missing", "overflow"}


async def test_a_second_round_asks_for_what_is_missing_and_reads_no_page_again() -> None:
    search = Rounds()
    found, fetch = await done(research(covered_from=0.99), search, WARM, FISH)
    first, second = (query.text for query in search.queries)
    assert "fish" in second
    assert first != second
    assert fetch.asked == [hit(1).url, hit(2).url]
    assert {passage.url for passage in found.outputs["passages"]} == {hit(1).url, hit(2).url}


async def test_no_more_rounds_than_the_file_allows() -> None:
    search = Rounds()
    await done(research(covered_from=1.0, rounds=1), search, WARM)
    assert len(search.queries) == 1


async def test_a_failed_first_search_degrades_and_leaves_no_passage() -> None:
    found, _ = await done(research(), FakeSearch())
    assert found.outputs["passages"] == []
    assert found.run.degraded
