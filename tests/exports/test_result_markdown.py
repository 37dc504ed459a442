"""A result as Markdown, in which titles, quotes and warnings are words only."""

from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt

from mm_orch.exports.result_markdown import escaped, result_markdown
from mm_orch.records.answer_support import AnswerSupport
from tests.exports.results import EVIL, HOSTILE, TEA


def test_question_answer_sources_quotes_and_warnings_are_there() -> None:
    text = result_markdown("What is tea?", TEA)
    assert text.startswith("# What is tea?\n\nTea is hot [1].")
    assert "## Sources\n\n- \\[1\\] Tea  \n  <https://a.test/?x=1&y=2>\n\n  > Tea is served hot.\n" in text
    assert "- \\[2\\] 茶  \n  corpus:notes.md\n" in text
    assert "## Warnings\n\n- page left out" in text
    assert "1 sentences supported" in text
    assert text.endswith("Written by MuAI with smollm2-135m  \n")


def test_headings_are_in_the_questions_language() -> None:
    text = result_markdown("什么是茶？", TEA)
    assert "## 来源" in text
    assert "## 警告" in text


def test_texts_of_pages_bring_no_link_picture_or_html() -> None:
    safe = replace(EVIL, answer="Nothing.", sources=EVIL.sources[:1])
    rendered = MarkdownIt("commonmark").render(result_markdown(HOSTILE, safe))
    assert "evil/" in rendered
    for markup in ("<script", "<img", "<a ", "<code"):
        assert markup not in rendered


def test_escaping_keeps_the_words_on_one_line() -> None:
    assert escaped("a\n# *b*") == r"a \# \*b\*"


def test_quotes_in_place_of_an_answer_are_told() -> None:
    assert "they are quoted instead" in result_markdown(
        "q", replace(TEA, artefacts={"support": AnswerSupport((), True)})
    )
