"""Which workflow a query is for. Decided by wording; a model is asked only where the wording leaves it open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from mm_orch.errors import InvalidInput, MuAIError
from mm_orch.language.detection import detect
from mm_orch.language.words import words
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import TextEngine
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.route import Alternative, Destination, Route
from mm_orch.routing import reasons
from mm_orch.routing.classifier import Classifier
from mm_orch.routing.phrases import Phrases
from mm_orch.routing.request import HEAD
from mm_orch.words import say

PROMPT_ID = "router"

_Text = TypeVar("_Text", str, tuple[str, ...])

_FEW_EXAMPLES = 8  # a destination with fewer is also known by its name and description
_PHRASE = 3.0  # nats that a phrase adds beside many examples; on the dev half 2 answers 4 fewer right, 6 two more
_PHRASE_ALONE = 9.0  # without them: the many examples of the others would drown it
_DESCRIBED = 4.5  # a word of the description, where there is no phrase
_EXAMPLES_SHOWN = 3  # to the model, of each destination
_ANSWER_TOKENS = 48
_ANSWER_SECONDS = 60.0


class Router:
    """Chooses among ``destinations``, which need not have phrases, or examples in every language.

    ``ask_below`` is the confidence (0..1) under which ``aroute`` asks the model; 0 never asks.
    Raises ``InvalidInput`` without any destination.
    """

    def __init__(self, destinations: Sequence[Destination], ask_below: float = 0.0) -> None:
        if not destinations:
            raise InvalidInput("no_workflow")
        self._destinations = tuple(destinations)
        self._ask_below = ask_below
        self._classifiers: dict[str, Classifier] = {}

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases({each.name: each.phrases or self._described_words(each) for each in self._destinations})

    def _described_words(self, destination: Destination) -> list[str]:
        """What stands in for the phrases of a destination that has none: words that only its description has."""
        others = (query for each in self._destinations if each is not destination for query in _all(each.examples))
        common = {word for query in others for word in words(query)}
        described = words(" ".join([destination.name.replace("_", " "), *destination.description.values()]))
        return [word for word in dict.fromkeys(described) if len(word) > 1 and word not in common]

    def _classifier(self, language: str) -> Classifier:
        """Learned from the examples in one language, at its first query: nobody waits for the other one."""
        if language not in self._classifiers:
            examples = {each.name: _examples(each, language) for each in self._destinations}
            beliefs = {each.name: _belief(each) for each in self._destinations}
            self._classifiers[language] = Classifier(examples, self._phrases, beliefs)
        return self._classifiers[language]

    def route(self, query: str) -> Route:
        """Where ``query`` goes, by its wording alone: the same query always goes the same way."""
        language = detect(query)
        judgement = self._classifier(language).judge(query)
        ranked = sorted(judgement.probabilities.items(), key=lambda item: -item[1])
        best, *others = [Alternative(name, round(share, 4)) for name, share in ranked]
        against = judgement.evidence[others[0].workflow] if others else {}
        decided = reasons.deciding(judgement.evidence[best.workflow], against)
        reason = reasons.reason(language, best.workflow, decided, others[:1])
        return Route(best.workflow, best.confidence, reason, tuple(others))

    async def aroute(self, query: str, engine: TextEngine, prompts: PromptLibrary) -> Route:
        """As ``route``, but ``engine`` decides where the confidence is below ``ask_below``.

        It can only answer with the name of a destination. Where it fails, the reason says so and the wording
        decides.
        """
        route = self.route(query)
        if route.confidence >= self._ask_below or len(self._destinations) < 2:
            return route
        language = detect(query)
        try:
            chosen = await self._ask(query, language, engine, prompts)
        except MuAIError as error:
            told = say("route.failed", language, error=error.sentences[0])
            return Route(route.workflow, route.confidence, f"{route.reason}{told}", route.alternatives)
        told = say("route.asked", language, model=(await engine.info()).model, name=chosen)
        return _settled(route, chosen, f"{route.reason}{told}")

    async def _ask(self, query: str, language: str, engine: TextEngine, prompts: PromptLibrary) -> str:
        names = [each.name for each in self._destinations]
        listed = "\n".join(_described(each, language) for each in self._destinations)
        messages = prompts.get(PROMPT_ID).messages(language, {"workflows": listed, "query": query.strip()[:HEAD]})
        config = GenerationConfig(
            temperature=0.0, max_tokens=_ANSWER_TOKENS, timeout=_ANSWER_SECONDS, json_schema={"enum": names}
        )
        (result,) = await engine.complete([GenerationRequest(messages, config)])
        answer = _unquoted(result.text)
        if answer not in names:
            raise MuAIError("no_workflow_named", answer=result.text[:80])
        return answer


def _examples(destination: Destination, language: str) -> list[str]:
    examples = list(destination.examples.get(language, ())) or _all(destination.examples)
    if len(examples) < _FEW_EXAMPLES:
        examples += [destination.name.replace("_", " "), *destination.description.values()]
    return examples


def _belief(destination: Destination) -> float:
    if not destination.phrases:
        return _DESCRIBED
    return _PHRASE if len(_all(destination.examples)) >= _FEW_EXAMPLES else _PHRASE_ALONE


def _all(texts: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [text for listed in texts.values() for text in listed]


def _described(destination: Destination, language: str) -> str:
    """One line for the model: the name, what it does, and some queries it is for."""
    line = f"- {destination.name}: {_in(destination.description, language) or ''}".rstrip(": ")
    examples = _in(destination.examples, language) or ()
    shown = " / ".join(examples[:: max(1, len(examples) // _EXAMPLES_SHOWN)][:_EXAMPLES_SHOWN])
    return f"{line} ({shown})" if shown else line


def _in(texts: Mapping[str, _Text], language: str) -> _Text | None:
    return texts.get(language) or next(iter(texts.values()), None)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip()


def _settled(route: Route, chosen: str, reason: str) -> Route:
    """``route`` with ``chosen`` first, half way from its confidence to 1; the others keep half of theirs."""
    shares = {route.workflow: route.confidence} | {each.workflow: each.confidence for each in route.alternatives}
    before = shares.pop(chosen)
    others = tuple(Alternative(name, round(share / 2, 4)) for name, share in shares.items())
    return Route(chosen, round((1 + before) / 2, 4), reason, others)
