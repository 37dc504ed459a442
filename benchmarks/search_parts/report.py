"""The bouts as a table and as a document, with the two goals."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.search_parts.contest import Bout, Side

TIMES_AS_FAST = 3.0


def reached(bouts: Sequence[Bout]) -> bool:
    """Whether MuAI was fast enough over all questions, with at least as many of the facts."""
    return speedup(bouts) >= TIMES_AS_FAST and facts(bouts, _muai) >= facts(bouts, _plain)


def speedup(bouts: Sequence[Bout]) -> float:
    """The plain way's seconds over all questions, divided by MuAI's."""
    return sum(bout.plain.seconds for bout in bouts) / sum(bout.muai.seconds for bout in bouts)


def facts(bouts: Sequence[Bout], side: Callable[[Bout], Side]) -> int:
    return sum(side(bout).facts for bout in bouts)


def table(bouts: Sequence[Bout]) -> str:
    """A line a question and one for each language and all, MuAI's figure first, as Markdown."""
    lines = [
        "| question | pages | seconds | times as fast | tokens evaluated | tokens written | facts |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [_line(bout.question.id, [bout], bout.ratio) for bout in bouts]
    for language in sorted({bout.question.language for bout in bouts}):
        part = [bout for bout in bouts if bout.question.language == language]
        lines.append(_line(f"all {language}", part, speedup(part)))
    lines.append(_line("**all**", bouts, speedup(bouts)))
    asked = sum(len(bout.question.facts) for bout in bouts)
    verdict = "reached" if reached(bouts) else "MISSED"
    lines.append(
        f"\nGoal: ≥ {TIMES_AS_FAST:g} times as fast with at least as many of the {asked} facts: {verdict}."
    )
    lines.append(f"Median of the questions: {statistics.median(bout.ratio for bout in bouts):.1f} times as fast.")
    return "\n".join(lines)


def document(bouts: Sequence[Bout]) -> dict[str, Any]:
    return {
        "times_as_fast": round(speedup(bouts), 2),
        "median": round(statistics.median(bout.ratio for bout in bouts), 2),
        "facts": {"muai": facts(bouts, _muai), "plain": facts(bouts, _plain)},
        "ok": reached(bouts),
        "questions": [
            {"id": bout.question.id, "pages": bout.pages, "muai": _side(bout.muai), "plain": _side(bout.plain)}
            for bout in bouts
        ],
    }


def _muai(bout: Bout) -> Side:
    return bout.muai


def _plain(bout: Bout) -> Side:
    return bout.plain


def _side(side: Side) -> dict[str, Any]:
    return {
        "seconds": round(side.seconds, 2),
        "evaluated": side.evaluated,
        "written": side.written,
        "facts": side.facts,
        "answer": side.answer,
    }


def _line(name: str, bouts: Sequence[Bout], ratio: float) -> str:
    def both(of: Callable[[Side], float], form: str) -> str:
        mine, theirs = sum(of(bout.muai) for bout in bouts), sum(of(bout.plain) for bout in bouts)
        return f"{mine:{form}} / {theirs:{form}}"

    cells = [
        name,
        str(sum(bout.pages for bout in bouts)),
        both(lambda side: side.seconds, ".1f"),
        f"{ratio:.1f}",
        both(lambda side: side.evaluated, ",d"),
        both(lambda side: side.written, ",d"),
        both(lambda side: side.facts, "d"),
    ]
    return f"| {' | '.join(cells)} |"
