"""Plain retrieval: passages of whole sentences, ranked by the words they share with the question."""

from __future__ import annotations

from benchmarks.quality_parts.plain import BEST, PASSAGE_WORDS, Bm25, PlainRetrieval, cut
from mm_orch.language.words import words
from mm_orch.records.page import Page


def test_passages_join_to_the_page_and_keep_to_their_size() -> None:
    page = Page("u", "t", "One sentence of six words here. " * 60)
    passages = cut(page)
    assert "".join(passage.text for passage in passages) == page.text
    assert all(len(words(passage.text)) <= PASSAGE_WORDS for passage in passages)


def test_rare_words_weigh_more_than_frequent_ones() -> None:
    ranking = Bm25(["the cat sat", "the dog sat", "the newt sat", "the the the"])
    assert ranking.best("the newt", 1) == [2]


def test_texts_that_share_nothing_are_not_found() -> None:
    assert Bm25(["cat", "dog"]).best("newt", 4) == []


def test_plain_retrieval_takes_the_best_of_all_pages() -> None:
    pages = [Page(f"u{at}", "t", f"The river number {at} is long.") for at in range(BEST + 1)]
    assert len(PlainRetrieval(pages).best("river")) == BEST
