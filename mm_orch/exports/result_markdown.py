"""A result as Markdown: the question, the answer, its sources with the words they were used for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mm_orch.exports.notes import notes
from mm_orch.language.detection import detect
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.words import say

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


class MarkdownExporter:
    """Any result as Markdown."""

    name, ending = "Markdown", ".md"

    def accepts(self, result: WorkflowResult) -> bool:
        """Always: a result has at least an answer."""
        return True

    def write(self, question: str, result: WorkflowResult) -> bytes:
        """``result_markdown`` in UTF-8."""
        return result_markdown(question, result).encode("utf-8", "replace")


def result_markdown(question: str, result: WorkflowResult) -> str:
    """The whole document, with a newline at its end."""
    return "\n".join(_lines(question, result)) + "\n"


def _lines(question: str, result: WorkflowResult) -> Iterator[str]:
    language = detect(question)
    yield f"# {escaped(question)}"
    yield ""
    yield result.answer.strip()
    if result.sources:
        yield from ("", f"## {say('export.sources', language)}", "")
        for source in result.sources:
            yield from _source(source)
    if result.warnings:
        yield from ("", f"## {say('export.warnings', language)}", "")
        yield from (f"- {escaped(warning)}" for warning in result.warnings)
    yield from ("", "---", "")
    yield from (f"{escaped(note)}  " for note in notes(result, language))


def _source(source: Source) -> Iterator[str]:
    """``[1]`` as in the answer; the quote below it."""
    yield f"- \\[{source.id}\\] {escaped(source.title)}  "
    yield f"  <{source.url}>" if _is_plain(source.url) else f"  {escaped(source.url)}"
    if source.quote:
        yield ""
        yield f"  > {escaped(source.quote)}"
        yield ""


def escaped(text: str) -> str:
    """``text`` on one line, with nothing in it that Markdown would read as markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _is_plain(url: str) -> bool:
    return bool(re.fullmatch(r"https?://[^\s<>]+", url))
