from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_orch.routing.classifier import PHRASE, Classifier
from mm_orch.routing.phrases import Phrases

EXAMPLES = {
    "ask": ["what is a queue", "what is a stack", "who is she", "how does it work", "什么是队列", "谁是她"],
    "teach": ["teach me chess", "teach me Rust", "a lesson on art", "a course on law", "教我下棋", "教我画画"],
}
PLAIN = Classifier(EXAMPLES, Phrases({}), {})


@pytest.mark.parametrize(
    ("text", "label"),
    [("what is a tree", "ask"), ("teach me Go", "teach"), ("什么是树", "ask"), ("教我弹琴", "teach")],
)
def test_wording_is_learned_and_not_the_topic(text: str, label: str) -> None:
    shares = PLAIN.judge(text).probabilities
    assert max(shares, key=lambda name: shares[name]) == label


def test_a_phrase_counts_though_no_example_has_it() -> None:
    pointed = Classifier(EXAMPLES, Phrases({"teach": ["homework"]}), {"ask": 3.0, "teach": 3.0})
    before, after = PLAIN.judge("my homework"), pointed.judge("my homework")
    assert after.probabilities["teach"] > before.probabilities["teach"]
    assert after.evidence["teach"][f"{PHRASE}homework"] == pytest.approx(3.0)


def test_nothing_known_is_no_evidence() -> None:
    assert PLAIN.judge("").probabilities == {"ask": 0.5, "teach": 0.5}


def test_labels_without_examples_or_phrases_do_no_harm() -> None:
    shares = Classifier({**EXAMPLES, "empty": []}, Phrases({}), {}).judge("teach me Go").probabilities
    assert shares["teach"] > shares["ask"]
    assert shares["teach"] > shares["empty"]
    assert Classifier({}, Phrases({}), {}).judge("teach me").probabilities == {}


@settings(max_examples=100)
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=100))
def test_probabilities_sum_to_one(text: str) -> None:
    assert sum(PLAIN.judge(text).probabilities.values()) == pytest.approx(1)
