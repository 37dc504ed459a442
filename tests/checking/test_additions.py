from __future__ import annotations

import pytest

from mm_orch.checking.verdicts import Evidence, check
from mm_orch.records.passage import Passage

NEWT = "The tarn newt lives in the spring pools of the upper Tessick and nowhere else on earth."
MACHINE = "Left chamber for the main wash, right for the pre-wash, the middle one for softener."
DAY = "五点五十起床，六点半升旗，上课到十五点十分，划艇到十七点。"
SOUP = "最早的方子写在1766年的一本航海日志里，用的是海鸥蛋。菜名第一次出现，是在1903年领水员酒馆的菜单上。"
LANTERN = "颜色是土黄或白色；红色只留给当年有亲人在海上遇难的人家。"


def reasons(sentence: str, text: str, title: str = "") -> tuple[str, ...]:
    return check(sentence, Evidence.of(Passage(1, "u", title, "", text))).reasons


@pytest.mark.parametrize(
    ("sentence", "text", "title"),
    [
        ("The tarn newt is a fish that lives in the spring pools of the upper Tessick.", NEWT, ""),
        ("The Lommel W7 washing machine: instructions: washing machine.", MACHINE, "Lommel W7 washing machine"),
        (
            "The reeds of a reed harp are made of the reeds of the reeds of a reed harp, which are made of reeds.",
            "A skilled maker needs nine days for one instrument.",
            "Reed harp",
        ),
        ("菜名第一次出现在菜单上，菜名第一次出现在菜单上，是1903年。", SOUP, ""),
        ("昨天是五点五十起床，六点半升旗，上课到十五点十分，划艇到十七点。", DAY, ""),
        ("最早的方子写在1903年的航海日志里，是在1766年领水员酒馆的菜名第一次出现。", SOUP, ""),
        ("白色只留给当年有亲人在海上遇难的人家。", LANTERN, ""),
        ("The tarn newt lives in the spring pools of the upper Tessick?", NEWT, ""),
        ("最早的方子写在1766年的航海日志里？", SOUP, ""),
    ],
)
def test_what_a_sentence_adds_is_found(sentence: str, text: str, title: str) -> None:
    assert reasons(sentence, text, title)


def test_a_short_sentence_about_what_the_heading_names_is_none() -> None:
    assert reasons("The Orlen rises in the hills.", "It rises in the hills.", "The Orlen") == ()
    assert reasons("青河发源于雪山。", "它发源于雪山。", "青河") == ()


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The tarn newt lives in the spring pools of the upper Tessick.", NEWT),
        ("The Orlen is a small river.", "The Orlen, a small river, rises in the hills."),
        ("五点五十起床，六点半升旗。", DAY),
        ("最早的方子写在1766年的航海日志里，菜名1903年第一次出现。", SOUP),
        ("红色只留给当年有亲人在海上遇难的人家。", LANTERN),
        ("第二条线路1910年开通。", "第一条线路1908年开通，第二条线路1910年开通。"),
        ("该桥由李氏兄弟建造。", "该桥由王工设计，由李氏兄弟建造。"),
        (
            "The stone bridge, opened in 1987 by the queen, crosses the wide Orrin near Marl.",
            "The stone bridge was opened in 1987 by the queen. It crosses the wide Orrin near Marl.",
        ),
    ],
)
def test_what_is_said_there_in_other_words_is_no_addition(sentence: str, text: str) -> None:
    assert reasons(sentence, text) == ()
