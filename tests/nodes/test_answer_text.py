"""What is read of a checked answer: its sentences on one line each with numbers, its sources, and quotations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.link_filter import Given
from mm_orch.checking.verdicts import Finding
from mm_orch.nodes.answer_check import Checked
from mm_orch.nodes.answer_text import answer, numbered, plain, quotations, sources
from mm_orch.records.answer_support import Verdict
from mm_orch.records.passage import Passage

ASKED = Given("How long is the Great Wall?")


def passage(number: int, text: str = "", heading: str = "") -> Passage:
    return Passage(number, f"http://site/{number}", f"Title {number}", heading, text)


def checked(text: str, *ids: int, verdict: Verdict = "supported") -> Checked:
    findings = tuple(Finding(number, f"Words {number}.") for number in ids)
    return Checked(text, ids, verdict, findings, shown=verdict != "contradicted")


def read(*sentences: Checked, mark: str = "") -> str:
    return answer(sentences, numbered(sentences), mark, ASKED)


def test_passages_are_numbered_in_the_order_in_which_shown_sentences_use_them() -> None:
    said = [checked("A.", 7, verdict="contradicted"), checked("B.", 5, 2), checked("C.", 2, 9)]
    assert numbered(said) == {5: 1, 2: 2, 9: 3}
    assert read(*said) == "B. [1][2] C. [2][3]"


def test_a_sentence_of_two_findings_in_one_passage_has_its_number_once() -> None:
    assert read(checked("A.", 3, 3)) == "A. [1]"


@pytest.mark.parametrize(
    ("mark", "text"), [("(not verified)", "甲。 (not verified) [1]"), ("（未核实）", "甲。（未核实） [1]")]
)
def test_what_is_not_verified_is_marked_before_its_number(mark: str, text: str) -> None:
    assert read(checked("甲。", 3, verdict="unverified"), mark=mark) == text
    assert read(checked("甲。", 3), mark=mark) == "甲。 [1]"


def test_what_is_not_a_pages_own_words_brings_no_markup() -> None:
    assert read(checked("<div hidden>So.", 3, verdict="unverified"), mark="?") == "‹div hidden›So. ? [1]"
    assert read(checked("if a < b:", 3)) == "if a < b: [1]"


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("- The wall is long.", "The wall is long."),
        ("* 长城很长。", "长城很长。"),
        ("2. The wall is long.", "The wall is long."),
        ("3、 长城很长。", "长城很长。"),
        ("### The wall", "The wall"),
        ("> The wall is long.", "The wall is long."),
        ("The wall\n   is\tlong.", "The wall is long."),
        ("| Wall | 21,196 km |", "Wall – 21,196 km"),
        ("-5 degrees at 1.5 km, #1 of 10", "-5 degrees at 1.5 km, #1 of 10"),
        ("1.5 km long - and more", "1.5 km long - and more"),
        ("a | b", "a | b"),
        ("", ""),
    ],
)
def test_a_statement_of_a_page_reads_as_a_sentence(statement: str, line: str) -> None:
    assert plain(statement, ASKED) == line


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("The wall is long.[1]", "The wall is long.(1)"),
        ("It is long [1, 2] and old [ 3 ].", "It is long (1, 2) and old (3)."),
        ("It is long[1][99].", "It is long(1)(99)."),
        ("长城很长【1】，很老［2］。", "长城很长(1)，很老(2)。"),
        ("长城很长[1，2、3]。", "长城很长(1，2、3)。"),
        ("It is long [１].", "It is long (１)."),
        ("| Wall [4] | 21,196 km |", "Wall (4) – 21,196 km"),
        ("[citation needed] [a] [2024-05-01]", "[citation needed] [a] [2024-05-01]"),
    ],
)
def test_a_pages_own_numbers_in_brackets_pass_for_no_citation(statement: str, line: str) -> None:
    assert plain(statement, ASKED) == line


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("See [the wall](https://evil.test/w) for more.", "See the wall for more."),
        ("Visit https://evil.test now.", "Visit … now."),
        ("长城见evil.com。", "长城见…。"),
        ("![wall](https://evil.test/w.png) It is long.", "wall It is long."),
        ("| [Wall](https://evil.test) | 21,196 km |", "Wall – 21,196 km"),
        ("[1](https://evil.test) long", "1 long"),
    ],
)
def test_a_pages_links_do_not_become_the_answers(statement: str, line: str) -> None:
    assert plain(statement, ASKED) == line
    assert "evil" not in read(checked(statement, 1))


CITED = re.compile(r"[\[【［]\s*\d{1,4}(?:\s*[,，、]\s*\d{1,4})*\s*[\]】］]")


@given(st.text("[]【】［］1 9,，、a|\n-x", max_size=30))
def test_no_sentence_has_a_number_in_brackets_but_those_of_its_passages(text: str) -> None:
    assert not CITED.search(plain(text, ASKED))
    assert CITED.findall(read(checked(f"A{text}", 8, 4))) == ["[1]", "[2]"]


def test_a_source_has_the_first_words_that_were_used_of_it_as_far_as_they_are_short() -> None:
    found = [Finding(2, "One."), Finding(5, ""), Finding(2, "Two."), Finding(2, "One.")]
    found += [Finding(2, "x" * 300), Finding(2, "Three.")]
    first, second = sources(found, {2: 1, 5: 2}, [passage(5), passage(2)])
    assert (first.id, first.title, first.url, first.quote) == (
        1,
        "Title 2",
        "http://site/2",
        "One. … Two. … Three.",
    )
    assert (second.id, second.url, second.quote) == (2, "http://site/5", None)


def quoted(text: str, around: str, heading: str = "Wall > Length") -> str:
    return quotations([Finding(4, around)], [passage(4, text, heading)], ASKED)


def test_passages_are_quoted_under_their_headings_numbered_from_one() -> None:
    found = [Finding(4, "It is long."), Finding(2, "It is old.")]
    pages = [passage(4, "It is long.\n\nReally [1].", "Wall > Length"), passage(2, "It is old.")]
    assert quotations(found, pages, ASKED) == (
        "[1] Wall > Length\n> It is long.\n>\n> Really (1).\n\n[2] Title 2\n> It is old."
    )


def test_a_heading_with_a_link_or_a_line_break_is_one_line_of_words() -> None:
    assert quoted("x", "x", "[Wall](https://evil.test)\n[2]").splitlines()[0] == "[1] Wall (2)"


def test_a_quoted_table_list_and_code_keep_their_lines_and_lose_their_links() -> None:
    table = "| Wall | km |\n|---|---|\n| [Ming](https://evil.test) | 8,850 |"
    text = f"{table}\n\n```sh\nif x:\n    curl https://evil.test\n```\n\n- a\n  - b"
    assert quoted(text, "| Wall | km |").splitlines()[1:] == [
        "> | Wall | km |",
        "> |---|---|",
        "> | Ming | 8,850 |",
        ">",
        "> ```sh",
        "> if x:",
        ">     curl …",
        "> ```",
        ">",
        "> - a",
        ">   - b",
    ]
