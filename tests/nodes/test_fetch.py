from mm_orch.records.event import StepProgress
from mm_orch.records.limits import Limits
from mm_orch.records.page import Page
from tests.fixtures.steps import FakeFetch, hit, node, page, ran

FETCH = node("fetch", reads={"hits": "hits"}, limits={"pages": 2})


def pages(*numbers: int) -> FakeFetch:
    return FakeFetch({page(number).url: page(number) for number in numbers})


async def test_fetch_reads_as_many_pages_as_the_limit_says_in_the_order_of_the_hits() -> None:
    fetcher = pages(1, 2, 3)
    done = await ran(FETCH, {"hits": [hit(2), hit(1), hit(3)]}, fetch=fetcher)
    assert done.outputs["pages"] == [page(2), page(1)]
    assert fetcher.asked == [page(2).url, page(1).url]


async def test_a_page_that_fails_is_replaced_by_the_next_hit_and_told() -> None:
    done = await ran(FETCH, {"hits": [hit(1), hit(2), hit(3)]}, fetch=pages(2, 3))
    assert done.outputs["pages"] == [page(2), page(3)]
    assert not done.run.degraded
    assert done.run.warnings == ["page left out: http://site/1: 'http://site/1' answered 500"]


async def test_a_page_without_text_is_left_out() -> None:
    blank = Page("http://site/1", "Blank", " \n ")
    done = await ran(FETCH, {"hits": [hit(1)]}, fetch=FakeFetch({blank.url: blank}))
    assert done.outputs["pages"] == []
    assert "no readable text" in done.run.warnings[0]


async def test_reading_no_page_at_all_degrades() -> None:
    done = await ran(FETCH, {"hits": [hit(1), hit(2)]}, fetch=pages())
    assert done.outputs["pages"] == []
    assert done.run.degraded
    assert done.run.warnings[-1] == "no page could be read"


async def test_a_page_without_a_title_gets_the_hits() -> None:
    untitled = Page("http://site/1", "", "Text.")
    done = await ran(FETCH, {"hits": [hit(1)]}, fetch=FakeFetch({untitled.url: untitled}))
    assert done.outputs["pages"][0].title == "Title 1"


async def test_progress_counts_up_to_the_pages_wanted() -> None:
    done = await ran(FETCH, {"hits": [hit(1), hit(2)]}, fetch=pages(1, 2), limits=Limits(pages=1))
    assert [event for event in done.events if isinstance(event, StepProgress)] == [
        StepProgress("step", "pages", 0, 1),
        StepProgress("step", "pages", 1, 1),
    ]
