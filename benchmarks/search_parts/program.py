"""The command: which questions, with which model, and what is printed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.quality_parts import question_set, shelf
from benchmarks.quality_parts.asking import Asker
from benchmarks.quality_parts.question_set import LANGUAGES, Question
from benchmarks.search_parts import report
from benchmarks.search_parts.contest import Bout, Contest
from benchmarks.speed.companion import Companion
from mm_orch import parts, settings
from mm_orch.runtime import model_loader
from mm_orch.runtime.catalogue import Catalogue
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.machine import machine

N_CTX = 4096


def main(line: Sequence[str] | None = None) -> int:
    """Print both ways' figures; 1 when a goal is missed."""
    chosen = _parser().parse_args(line)
    overrides = {"real_models": True, "engine.ctx_size": N_CTX, "engine.threads": chosen.threads}
    configured = settings.load(overrides=overrides | ({"model": chosen.model} if chosen.model else {}))
    path = _path(configured.model)
    peer = Companion("whole_pages", {"path": path, "n_ctx": N_CTX, "threads": chosen.threads})
    with peer, parts.make_manager(configured) as manager:
        contest = Contest(Asker(InferenceEngine(manager=manager)), peer)
        bouts = [
            bout
            for language in chosen.language or LANGUAGES
            for bout in _told(contest, spread(language, chosen.questions), _shelf(language, chosen.pages))
        ]
    shown = report.document(bouts) | {"model": configured.model, "threads": chosen.threads}
    print(json.dumps(shown, ensure_ascii=False, indent=1) if chosen.json else report.table(bouts))
    return 0 if report.reached(bouts) else 1


def spread(language: str, count: int) -> list[Question]:
    """``count`` questions that have an answer, evenly over both halves of a language's set."""
    asked = [
        each for half in question_set.HALVES for each in question_set.questions(language, half) if each.has_answer
    ]
    return [asked[place * len(asked) // count] for place in range(min(count, len(asked)))]


def _shelf(language: str, pages: int) -> shelf.Shelf:
    return replace(shelf.stocked(shelf.CORPUS, question_set.pages(language)), pages=pages)


def _told(contest: Contest, questions: Sequence[Question], held: shelf.Shelf) -> list[Bout]:
    """The bouts; what is known so far goes to stderr."""
    found = []
    for bout in contest.bouts(questions, held):
        seconds = f"{bout.muai.seconds:.1f} s, plain {bout.plain.seconds:.1f} s"
        print(f"{bout.question.id}: {seconds}", file=sys.stderr, flush=True)
        found.append(bout)
    return found


def _path(name: str) -> str:
    return str(model_loader.resolve(Catalogue(settings.models()).config(name)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Search and answer from start to end, against whole pages in a row."
    )
    parser.add_argument("--model", metavar="NAME", help="a name from models.yaml or a .gguf file")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="repeatable; default: both")
    parser.add_argument("--questions", type=int, default=5, metavar="N", help="questions a language")
    parser.add_argument(
        "--pages", type=int, default=5, metavar="N", help="most pages that both read for a question"
    )
    parser.add_argument("--threads", type=int, default=machine().physical_cores, help="the same for both")
    parser.add_argument("--json", action="store_true", help="a JSON document with the answers")
    return parser
