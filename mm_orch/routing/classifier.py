"""Which of several labels a request belongs to, learned from a few examples and phrases each, by counting alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from mm_orch.routing.patterns import Patterns
from mm_orch.routing.phrases import Phrases
from mm_orch.routing.request import Part, parts

PHRASE = "phrase:"
"""What the evidence of a phrase starts with; other evidence is a pattern (see ``patterns``)."""

# Half or twice of any of these changes at most 3 of 497 answers on the dev half (tests/routing/queries.yaml);
# a share of 5 alone costs 18.
_ROUNDS = 3
_STEP = 0.5
_PATTERNS_SHARE = 2.5  # how much all patterns of a request together may weigh, before learning
_PHRASE_VALUE = 0.7
_SMALL = 0.2  # a label with less than this share of the examples of the largest one is small
_BELIEF_IN_TRAINING = 0.25  # less than at work, so that patterns learn what phrases would already explain
_ENOUGH = 0.05  # errors below this teach nothing


@dataclass(frozen=True, slots=True)
class _Row:
    """An example: the places of its wording, its values, and what each label's phrases add untaught."""

    right: int
    places: list[int]
    values: list[float]
    beliefs: list[float]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities by label, which sum to 1, and by label what each piece of wording added, in nats."""

    probabilities: Mapping[str, float]
    evidence: Mapping[str, Mapping[str, float]]


class Classifier:
    """Softmax regression over wording patterns and phrases; the same examples always give the same weights.

    The keys of ``examples`` are the labels. An example of a label with few counts more. ``beliefs`` are by
    label the nats that its longest phrase in a request adds untaught; each further phrase adds half of that before.
    """

    def __init__(
        self, examples: Mapping[str, Sequence[str]], phrases: Phrases, beliefs: Mapping[str, float]
    ) -> None:
        self.labels = tuple(examples)
        texts = [[parts(text) for text in examples[label]] for label in self.labels]
        most = max(map(len, texts), default=0)
        self._boosts = [min(1 / _SMALL, most / max(1, len(listed))) for listed in texts]
        self._patterns = Patterns(text for listed in texts for text in listed)
        self._phrases = phrases
        self._beliefs = beliefs
        self._ids: dict[str, int] = {}
        self._weights: list[list[float]] = []
        self._train(texts)

    def judge(self, text: str) -> Judgement:
        """How likely each label is for ``text``, and why."""
        features, beliefs = self._features(parts(text))
        known = {name: value for name, value in features.items() if name in self._ids}
        evidence: dict[str, dict[str, float]] = {}
        for label, weights, believed in zip(self.labels, self._weights, beliefs, strict=True):
            added = {name: weights[self._ids[name]] * value for name, value in known.items()}
            for name, belief in believed.items():
                added[name] = added.get(name, 0.0) + belief
            evidence[label] = added
        scores = _softmax([math.fsum(evidence[label].values()) for label in self.labels])
        return Judgement(dict(zip(self.labels, scores, strict=True)), evidence)

    def _features(self, text: Sequence[Part]) -> tuple[dict[str, float], list[dict[str, float]]]:
        """All wording with its value, which training weighs; by label its phrases with what they add untaught."""
        patterns = self._patterns.of(text)
        scale = _PATTERNS_SHARE / math.sqrt(1 + sum(weight * weight for weight in patterns.values()))
        features = {name: weight * scale for name, weight in patterns.items()}
        found = self._phrases.found(text, self._patterns.spelt)
        beliefs: list[dict[str, float]] = []
        for label in self.labels:
            named = [PHRASE + phrase for phrase in found.get(label, ())]
            beliefs.append({name: self._beliefs[label] / 2**rank for rank, name in enumerate(named)})
            features |= dict.fromkeys(named, _PHRASE_VALUE)
        return features, beliefs

    def _train(self, texts: Sequence[Sequence[Sequence[Part]]]) -> None:
        found = [[self._features(text) for text in listed] for listed in texts]
        seen = Counter(name for listed in found for features, _ in listed for name in features)
        rows: list[tuple[float, _Row]] = []
        for right, listed in enumerate(found):
            # What one example alone has teaches little, unless the label has only a few.
            least = 1 if self._is_small(right) else 2
            for place, (features, beliefs) in enumerate(listed):
                known = {name: value for name, value in features.items() if seen[name] >= least}
                places = [self._ids.setdefault(name, len(self._ids)) for name in known]
                untaught = [_BELIEF_IN_TRAINING * sum(each.values()) for each in beliefs]
                rows.append((place / len(listed), _Row(right, places, list(known.values()), untaught)))
        rows.sort(key=lambda row: row[0])  # labels take turns
        self._weights = [[0.0] * len(self._ids) for _ in self.labels]
        for turn in range(_ROUNDS):
            for _, row in rows:
                self._learn(row, self._boosts[row.right] * _STEP / (1 + 0.3 * turn))

    def _is_small(self, label: int) -> bool:
        return self._boosts[label] == 1 / _SMALL

    def _learn(self, row: _Row, step: float) -> None:
        scores = [
            belief + sum(map(mul, map(weights.__getitem__, row.places), row.values))
            for weights, belief in zip(self._weights, row.beliefs, strict=True)
        ]
        for label, probability in enumerate(_softmax(scores)):
            change = (label == row.right) - probability
            if abs(change) > _ENOUGH:
                weights, change = self._weights[label], change * step
                for place, value in zip(row.places, row.values, strict=True):
                    weights[place] += change * value


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores, default=0.0)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
