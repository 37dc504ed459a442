"""The command: which sets are asked, with which model, and what is printed."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.quality_parts import sample, shelf
from benchmarks.quality_parts.asking import Asker
from benchmarks.quality_parts.plain import PlainRetrieval
from benchmarks.quality_parts.question_set import HALVES, LANGUAGES, Question, holds, pages, questions
from benchmarks.quality_parts.scoring import Score, score
from benchmarks.quality_parts.totals import Totals, table
from mm_orch.protocols import TextEngine
from mm_orch.records.page import Page


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    columns: dict[str, Totals] = {}
    with _engine(chosen) as engine:
        asker = Asker(engine, {} if chosen.temperature is None else {"temperature": chosen.temperature, "seed": 1})
        for language in chosen.language or LANGUAGES:
            read = pages(language)
            held, plain = shelf.stocked(chosen.search, read), PlainRetrieval(read)
            for half in chosen.half or HALVES:
                asked = questions(language, half)[: chosen.limit]
                scores = [_scored(each, asker, held, plain, read, half, chosen) for each in asked]
                columns[f"{language} {half}"] = Totals(scores)
        model = asyncio.run(engine.info()).model if not chosen.retrieval_only else "no model"
    if chosen.sample:
        _write_sample(columns, chosen.sample)
    print(_document(columns, model) if chosen.json else f"{model}, search: {chosen.search}\n\n{table(columns)}")
    return 0


def _scored(
    question: Question,
    asker: Asker,
    held: shelf.Shelf,
    plain: PlainRetrieval,
    read: list[Page],
    half: str,
    chosen: Any,
) -> Score:
    had = None
    if question.span is not None:
        best = plain.best(question.text)
        had = any(passage.url == question.url and holds(passage.text, question.span) for passage in best)
    asked = asker.ask(question, held, answer=not chosen.retrieval_only)
    scored = score(asked, had, [page.url for page in read])
    if not chosen.quiet and half == "dev":
        _tell(scored)
    return scored


def _tell(scored: Score) -> None:
    """A line for tuning by; the test half is judged by its totals alone."""
    marks = {True: "found", False: "MISSED", None: "nothing there"}[scored.found]
    line = f"{scored.question.id} {scored.seconds:5.1f} s  {marks:13}  {scored.question.text}"
    if scored.result is not None:
        said = "refused" if scored.refused else " ".join(scored.result.answer.split())[:200]
        line += f"\n    facts {scored.facts[0]}/{scored.facts[1]}  {said}"
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _engine(chosen: Any) -> Iterator[TextEngine]:
    """The mock for retrieval alone: it counts tokens and writes nothing that is used."""
    if chosen.retrieval_only:
        from mm_orch.runtime.mock_engine import MockEngine

        yield MockEngine(context_length=chosen.ctx_size or 4096)
        return
    from benchmarks.quality_parts.trusted_size import TrustedSize
    from mm_orch import parts, settings
    from mm_orch.runtime.inference_engine import InferenceEngine

    overrides = {"real_models": True, "model": chosen.model, "engine.ctx_size": chosen.ctx_size}
    given = {name: value for name, value in overrides.items() if value is not None}
    with parts.make_manager(settings.load(overrides=given)) as manager:
        yield (TrustedSize if chosen.checks_alone else InferenceEngine)(manager=manager)


def _document(columns: dict[str, Totals], model: str) -> str:
    """Single questions of the development half only."""
    document: dict[str, Any] = {
        "model": model,
        "totals": {name: each.as_document() for name, each in columns.items()},
    }
    document["questions"] = [
        _one(scored) for name, each in columns.items() if not name.endswith("test") for scored in each.scores
    ]
    return json.dumps(document, ensure_ascii=False, indent=1)


def _one(scored: Score) -> dict[str, Any]:
    return {
        "id": scored.question.id,
        "plain": scored.plain,
        "found": scored.found,
        "facts": list(scored.facts),
        "refused": scored.refused,
        "invented": list(scored.invented),
        "seconds": round(scored.seconds, 2),
        "answer": scored.result.answer if scored.result else None,
    }


def _write_sample(columns: dict[str, Totals], wanted: list[str]) -> None:
    count, path = int(wanted[0]), Path(wanted[1])
    scores = [each for totals in columns.values() for each in totals.scores]
    path.write_text(sample.as_markdown(sample.drawn(scores, count)), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Retrieval and answers on the question sets, as a table.")
    parser.add_argument(
        "--retrieval-only", action="store_true", help="no model: is the right passage among those used"
    )
    parser.add_argument("--half", action="append", choices=HALVES, help="repeatable; default: both")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="repeatable; default: both")
    parser.add_argument("--model", help="a name of models.yaml, a file, or user/repo[:QUANT]")
    parser.add_argument(
        "--ctx-size", type=int, help="tokens of context; default: the model's entry, 4096 without one"
    )
    parser.add_argument("--search", choices=shelf.KINDS, default=shelf.CORPUS, help="where pages are found")
    parser.add_argument(
        "--checks-alone", action="store_true", help="the checks alone decide what is shown, however small the model"
    )
    parser.add_argument("--temperature", type=float, help="for other drafts than the workflow's (seed 1)")
    parser.add_argument("--limit", type=int, help="only the first N questions of each half")
    parser.add_argument("--sample", nargs=2, metavar=("N", "FILE"), help="write N supported sentences to FILE")
    parser.add_argument("--json", action="store_true", help="a JSON document instead of the table")
    parser.add_argument("--quiet", action="store_true", help="do not tell of single questions")
    return parser
