"""A result as one HTML file that needs nothing else: no scripts, no other files, no markup of the answer's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from mm_orch.exports.notes import notes
from mm_orch.language.detection import detect
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.words import say

_CITED = re.compile(r"\[(\d+)\]")
# What a model writes must bring no address into the page, nor a picture, nor HTML.
_REFUSED = ("link", "image", "autolink", "html_inline", "html_block", "reference")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
       max-width: 46rem; margin: 2.5rem auto; padding: 0 1.2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; }
h2 { font-size: 1.1rem; margin-top: 2.2rem; }
a.cite { text-decoration: none; }
ol.sources { list-style: none; padding: 0; }
ol.sources li { margin: 0 0 1rem; }
ol.sources a.url { font-size: .85rem; }
blockquote { margin: .4rem 0 0; padding-left: .9rem; border-left: 3px solid #8888; font-size: .95rem; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: .2rem .6rem; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8886; }
footer { margin-top: 2.5rem; font-size: .85rem; opacity: .75; }
li:target { outline: 2px solid #d90; outline-offset: .3rem; }
@media print { body { max-width: none; margin: 0; } li, blockquote, pre { break-inside: avoid; }
               a { color: inherit; } }
""".strip()


class HtmlExporter:
    """Any result as one HTML page."""

    name, ending = "HTML", ".html"

    def accepts(self, result: WorkflowResult) -> bool:
        """Always: a result has at least an answer."""
        return True

    def write(self, question: str, result: WorkflowResult) -> bytes:
        """``result_html`` in UTF-8."""
        return result_html(question, result).encode("utf-8", "replace")


def result_html(question: str, result: WorkflowResult) -> str:
    """The whole document, as text that is to be written in UTF-8."""
    title = escape(" ".join(question.split()))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"zh" if detect(question) == "zh" else "en"}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>{title}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            f"<h1>{title}</h1>",
            f"<main>\n{_answer(result)}</main>",
            *_sources(question, result.sources),
            *_warnings(question, result.warnings),
            *_footer(question, result),
            "</body>",
            "</html>\n",
        ]
    )


def _answer(result: WorkflowResult) -> str:
    """The answer's Markdown as HTML; ``[1]`` leads to its source."""
    from markdown_it import MarkdownIt

    known = {source.id for source in result.sources}

    def text(self: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
        return _CITED.sub(lambda match: _citation(match, known), escape(tokens[at].content))

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(list(_REFUSED))
    reader.add_render_rule("text", text)
    return str(reader.render(result.answer))


def _citation(match: re.Match[str], known: set[int]) -> str:
    number = int(match[1])
    return f'<a class="cite" href="#source-{number}">[{number}]</a>' if number in known else match[0]


def _sources(question: str, sources: Sequence[Source]) -> Iterator[str]:
    if sources:
        yield f'<h2>{say("export.sources", detect(question))}</h2>\n<ol class="sources">'
        for source in sources:
            quote = f"\n<blockquote>{escape(source.quote)}</blockquote>" if source.quote else ""
            named = f"[{source.id}] {escape(source.title)}<br>{_address(source.url)}"
            yield f'<li id="source-{source.id}">{named}{quote}</li>'
        yield "</ol>"


def _address(url: str) -> str:
    """Only web addresses can be followed: what else stands there is text."""
    shown = escape(url)
    if not re.match(r"https?://", url):
        return f"<code>{shown}</code>"
    return f'<a class="url" href="{shown}" rel="noreferrer noopener">{shown}</a>'


def _warnings(question: str, warnings: Sequence[str]) -> Iterator[str]:
    if warnings:
        rows = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
        yield f"<h2>{say('export.warnings', detect(question))}</h2>\n<ul>{rows}</ul>"


def _footer(question: str, result: WorkflowResult) -> Iterator[str]:
    lines = "<br>".join(escape(note) for note in notes(result, detect(question)))
    if lines:
        yield f"<footer>{lines}</footer>"
