from __future__ import annotations

from mm_orch.routing.patterns import TOPIC, Patterns
from mm_orch.routing.request import parts

TEXTS = ["teach me chess", "teach me knitting", "teach me Rust", "教我下棋", "教我游泳", "教我画画"]
PATTERNS = Patterns(parts(text) for text in TEXTS)


def test_a_word_that_few_texts_have_is_any_topic() -> None:
    found = PATTERNS.of(parts("teach me astronomy"))
    assert f"teach me {TOPIC}" in found
    assert f"teach me {TOPIC}" in PATTERNS.of(parts("teach me organic chemistry"))
    assert "astronomy" in found


def test_chinese_is_read_by_character() -> None:
    assert f"教 我 {TOPIC}" in PATTERNS.of(parts("教我弹钢琴"))


def test_one_slip_of_the_fingers_is_understood_and_a_topic_is_not_mistaken_for_one() -> None:
    for slip in ("tech", "taech", "teahc"):
        assert PATTERNS.spelt(slip) == "teach"
    for other in ("peach", "beach", "me", "eat"):
        assert PATTERNS.spelt(other) == other


def test_a_pattern_weighs_as_much_as_the_best_part_it_stands_in() -> None:
    found = PATTERNS.of(parts("teach: teach me"))
    assert found["teach"] == 1.0
    assert found["teach me"] < 0.5
