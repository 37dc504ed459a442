import time

from mm_orch.records.page import Page
from mm_orch.retrieval.selection import choose

FILLER = "This paragraph talks of the weather and of nothing that anybody would ask about at all. "
RIVER = Page("u/river", "Orlen", "# Orlen\n\n## Source\n\nIt rises under the Hask glacier.\n\n" + FILLER * 30)
FERRY = Page("u/ferry", "Ferry", "# Ferry\n\n## Fares\n\nA bicycle costs 3.20.\n\n" + FILLER[::-1] * 30)


def test_the_passage_with_the_answer_comes_first_wherever_it_stands() -> None:
    found = choose([RIVER, FERRY], "bike price on the ferry", 3)
    assert found.ranked[0].url == "u/ferry"
    assert "3.20" in found.ranked[0].text
    assert found.ranked[0].heading.startswith("Ferry")


def test_a_passage_stands_in_its_page_where_it_says() -> None:
    for passage in choose([RIVER, FERRY], "Hask glacier weather", 9).ranked:
        page = RIVER if passage.url == RIVER.url else FERRY
        assert page.text[passage.start : passage.start + len(passage.text)] == passage.text


def test_near_duplicates_are_cut_with_the_reason() -> None:
    copy = Page("u/copy", "Orlen", RIVER.text)
    found = choose([RIVER, copy], "Where does the Orlen rise?", 5)
    assert {passage.url for passage in found.ranked} == {"u/river"}
    assert any(reason == "near-duplicate of u/river" for _, reason in found.cut)


def test_what_comes_after_the_most_wanted_is_cut_with_the_reason() -> None:
    found = choose([RIVER, FERRY], "bicycle glacier", 1)
    assert len(found.ranked) == 1
    assert {reason for _, reason in found.cut} == {"ranked below the first 1"}


def test_nothing_is_found_in_nothing() -> None:
    assert choose([], "river", 5).ranked == choose([Page("u", "", " ")], "river", 5).ranked == ()


def test_where_no_word_is_found_the_pages_are_taken_from_their_beginnings() -> None:
    for question in ("zyzzyva", "What does it say?"):
        found = choose([RIVER, FERRY], question, 2)
        assert not found.matched
        assert [(passage.url, passage.heading) for passage in found.ranked] == [
            ("u/river", "Orlen > Source"),
            ("u/ferry", "Ferry > Fares"),
        ]


def test_other_words_bring_more_passages() -> None:
    assert "glacier" in choose([FERRY, RIVER], "zyzzyva", 5, "glacier").ranked[0].text


def test_coverage_is_of_one_page_unless_the_question_compares() -> None:
    apart = choose([RIVER, FERRY], "glacier bicycle", 9)
    assert apart.coverage(apart.ranked).share == 0.5
    compared = choose([RIVER, FERRY], "difference between glacier and bicycle", 9)
    assert compared.coverage(compared.ranked).share > 0.5


def test_a_megabyte_of_pages_is_ranked_quickly() -> None:
    pages = [Page(f"u/{n}", f"Page {n}", f"## Part {n}\n\n{FILLER * 12}\n\n" * 50) for n in range(20)]
    started = time.process_time()
    assert choose(pages, "What is the weather in part 7?", 8).ranked
    assert time.process_time() - started < 3
