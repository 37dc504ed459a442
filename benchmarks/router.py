"""How often the router is right, without a model, on the labelled queries of ``tests/routing/queries.yaml``.

Prints accuracy per workflow and language, "always search_qa" beside it, how far confidence can be trusted, and the
time that building and routing take.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from mm_orch import resources
from mm_orch.prompts import PromptLibrary
from mm_orch.records.route import Destination, Route
from mm_orch.routing.phrases import Phrases
from mm_orch.routing.request import parts
from mm_orch.routing.router import Router
from mm_orch.workflows.catalogue import load_all

QUERIES = Path(__file__).resolve().parent.parent / "tests" / "routing" / "queries.yaml"
BASELINE = "search_qa"
LANGUAGES = ("en", "zh")
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query, the workflow it is for, and its language."""

    query: str
    workflow: str
    language: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a labelled query went."""

    asked: Labelled
    route: Route

    @property
    def right(self) -> bool:
        return self.route.workflow == self.asked.workflow


def labelled(half: str) -> list[Labelled]:
    """The queries of ``half``: ``"test"`` or ``"dev"``."""
    document = yaml.safe_load(QUERIES.read_text(encoding="utf-8"))[half]
    return [
        Labelled(query, workflow, language)
        for workflow, by_language in document.items()
        for language, queries in by_language.items()
        for query in queries
    ]


def shipped() -> list[Destination]:
    """The workflows that come with MuAI, without a user's."""
    prompts = PromptLibrary.load([resources.shipped("prompts")])
    return [each.destination for each in load_all([resources.shipped("workflows")], prompts).definitions.values()]


def run(router: Router, asked: Iterable[Labelled]) -> list[Outcome]:
    """Every query routed by its wording alone."""
    return [Outcome(each, router.route(each.query)) for each in asked]


def cross_validated(destinations: Sequence[Destination], asked: Sequence[Labelled]) -> list[Outcome]:
    """Each fold of ``asked`` routed with those phrases alone that stand in an example or in a query of the others.

    How much phrases help that no query at hand has: without them it is fewer that are right.
    """
    examples = [query for each in destinations for listed in each.examples.values() for query in listed]
    outcomes = []
    for fold in range(FOLDS):
        others = [each.query for at, each in enumerate(asked) if at % FOLDS != fold]
        outcomes += run(Router(_met(destinations, [*examples, *others])), asked[fold::FOLDS])
    return outcomes


def _met(destinations: Sequence[Destination], queries: Iterable[str]) -> list[Destination]:
    """``destinations`` with the phrases that stand in one of ``queries``."""
    finder = Phrases({each.name: each.phrases for each in destinations})
    found = {
        (name, text) for query in queries for name, texts in finder.found(parts(query)).items() for text in texts
    }
    return [
        replace(each, phrases=tuple(text for text in each.phrases if (each.name, text) in found))
        for each in destinations
    ]


def accuracy(outcomes: Sequence[Outcome]) -> float:
    """The share of ``outcomes`` that are right, 0..1."""
    return sum(each.right for each in outcomes) / len(outcomes)


def table(outcomes: Sequence[Outcome]) -> str:
    """Accuracy per workflow and language, as Markdown."""
    names = sorted({each.asked.workflow for each in outcomes})
    lines = ["| | " + " | ".join(LANGUAGES) + " |", "| --- |" + " ---: |" * len(LANGUAGES)]
    lines.extend(
        _line(name, [_cell(outcomes, name, language) for language in LANGUAGES]) for name in (*names, "all")
    )
    always = [
        _share([each.asked.workflow == BASELINE for each in outcomes if each.asked.language == language])
        for language in LANGUAGES
    ]
    return "\n".join([*lines, _line(f"always {BASELINE}", always)])


def trust(outcomes: Sequence[Outcome]) -> str:
    """By band of confidence: how many queries, and how many of them were right."""
    lines = ["| confidence | queries | right |", "| --- | ---: | ---: |"]
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        band = [each.right for each in outcomes if low <= each.route.confidence < high]
        lines.append(_line(f"{low:.1f} to {min(high, 1.0):.1f}", [str(len(band)), _share(band)]))
    return "\n".join(lines)


def _cell(outcomes: Sequence[Outcome], name: str, language: str) -> str:
    return _share(
        [
            each.right
            for each in outcomes
            if each.asked.language == language and name in (each.asked.workflow, "all")
        ]
    )


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right)}/{len(right)} {sum(right) / len(right):.1%}" if right else "–"


def _line(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _seconds(destinations: Sequence[Destination]) -> str:
    """Processor time of the first query in each language, and of one more; milliseconds."""
    told = []
    for query in ("what is machine learning?", "什么是机器学习？"):
        started = time.process_time()
        router = Router(destinations)
        router.route(query)
        built = time.process_time()
        for _ in range(200):
            router.route(query)
        each = (time.process_time() - built) / 200
        told.append(f"{query} first {1000 * (built - started):.0f} ms, then {1000 * each:.2f} ms")
    return "\n".join(told)


def main() -> None:
    """Print the report for one half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("test", "dev"), default="test")
    parser.add_argument("--misses", action="store_true", help="list the queries that went wrong")
    phrases = parser.add_mutually_exclusive_group()
    phrases.add_argument("--without-phrases", action="store_true", help="learn from the example queries alone")
    phrases.add_argument(
        "--met-phrases", action="store_true", help="only phrases met in other queries, in five folds"
    )
    chosen = parser.parse_args()
    destinations = shipped()
    if chosen.without_phrases:
        destinations = [replace(each, phrases=()) for each in destinations]
    asked = labelled(chosen.half)
    outcomes = cross_validated(destinations, asked) if chosen.met_phrases else run(Router(destinations), asked)
    print(
        f"{chosen.half} half, without a model\n\n{table(outcomes)}\n\n{trust(outcomes)}\n\n{_seconds(destinations)}"
    )
    if chosen.misses:
        for each in outcomes:
            if not each.right:
                print(f"{each.asked.workflow} -> {each.route.workflow} {each.route.confidence}: {each.asked.query}")


if __name__ == "__main__":
    main()
