from __future__ import annotations

import pytest

from mm_orch.checking.clauses import clauses, is_row, misplaced, mixed, one_of_several
from mm_orch.checking.facts import read

TOWERS = "Alder tower is 120 m high, while Birch tower is 95 m high."
塔 = "甲塔高120米，乙塔高95米。"
LINES = "The first line opened in 1902, the second in 1910 and the third in 1936."
FERRY = "Between May and September the ferry sails six times a day, in winter four times."
渡轮 = "五月至九月渡轮每天六班，冬季每天四班。"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("one clause alone", 1),
        ("a tower, a bridge and a ferry", 3),
        ("it cost 1,250 crowns", 1),
        ("on May 3, 1987 it opened", 1),
        ("between 1929 and 1934 it was built", 1),
        ("甲塔高，乙塔低；丙塔新", 3),
        ("| a, b | c, d |", 1),
    ],
)
def test_a_statement_is_cut_at_commas_that_divide_it(text: str, count: int) -> None:
    found = clauses(read(text))
    assert len(found) == count
    assert frozenset().union(*(clause.units for clause in found)) == read(text).units


def test_a_line_with_a_bar_before_it_is_a_row() -> None:
    assert is_row(read("| a | b |"))
    assert not is_row(read("a | b"))


@pytest.mark.parametrize(
    ("sentence", "said", "number"),
    [
        ("Alder tower is 95 m high.", TOWERS, "95 m"),
        ("Birch tower is 120 m high.", TOWERS, "120 m"),
        ("The second line opened in 1902.", LINES, "1902"),
        ("The X100 has 16 GB.", "The X100 has 8 GB; the X200 has 16 GB.", "16 gb"),
        ("X100有16GB内存。", "型号X100有8GB内存，型号X200有16GB内存。", "16gb"),
        ("In winter the ferry sails six times a day.", FERRY, "six"),
        ("The hotel has 3 rooms on 40 floors.", "The hotel has 40 rooms on 3 floors.", "40"),
        ("It carried 2019 passengers.", "It carried 1,250 passengers in 2019.", "2019"),
        ("甲塔高95米。", 塔, "95米"),
        ("冬季渡轮每天六班。", 渡轮, "六"),
        ("船上有三只猫。", "船上有三名船员和两只猫。", "三"),
        ("1967年添的是轴流式。", "1967年的两台是混流式，1936年添的第三台是轴流式。", "1967年"),
    ],
)
def test_a_number_of_another_clause_or_thing_is_misplaced(sentence: str, said: str, number: str) -> None:
    reasons = misplaced(read(sentence), [read(said)], [read(said)])
    assert f"the number {number!r} stands with something else there" in reasons


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Birch tower is 95 m high.", TOWERS),
        ("The second line opened in 1910.", LINES),
        ("The 3rd line opened in 1936.", LINES),
        ("The X200 has 16 GB.", "The X100 has 8 GB; the X200 has 16 GB."),
        ("X200有16GB内存。", "型号X100有8GB内存，型号X200有16GB内存。"),
        ("Birch tower is 95 m high and Alder tower 120 m.", TOWERS),
        ("In winter the ferry sails four times a day.", FERRY),
        ("It carried 1,250 passengers in 2019.", "In 2019 it carried 1,250 passengers."),
        ("The hotel has 40 large rooms.", "The hotel has 40 rooms on 3 floors."),
        ("乙塔高95米，甲塔高120米。", 塔),
        ("冬季渡轮每天四班。", 渡轮),
        ("船上有两只猫。", "船上有三名船员和两只猫。"),
        ("1936年添的是轴流式。", "1967年的两台是混流式，1936年添的第三台是轴流式。"),
    ],
)
def test_a_number_that_stands_with_its_thing_is_not_misplaced(sentence: str, said: str) -> None:
    assert misplaced(read(sentence), [read(said)], [read(said)]) == ()


@pytest.mark.parametrize(
    ("sentence", "said", "found"),
    [
        ("One ferry sails daily.", "Two ferries sail daily.", True),
        ("One ferry sails daily.", "One ferry sails daily, two ferries on Sunday.", False),
        ("Two ferries sail daily.", "Two ferries sail daily.", False),
        ("每天一班渡轮。", "每天两班渡轮。", True),
        ("每天一班渡轮。", "每天一班渡轮，周日两班渡轮。", False),
    ],
)
def test_one_of_what_is_counted_otherwise_is_told(sentence: str, said: str, found: bool) -> None:
    assert one_of_several(read(sentence), [read(said)]) is found


DESIGNED = "Anna Holm designed Alder tower and Peter Lund designed Birch tower."
设计 = "张伟设计了甲塔，李娜设计了乙塔。"


@pytest.mark.parametrize(
    ("sentence", "said", "found"),
    [
        ("Peter Lund designed Alder tower.", DESIGNED, True),
        ("Birch tower was designed by Anna Holm.", DESIGNED, True),
        ("Anna Holm designed Alder tower.", DESIGNED, False),
        ("Anna Holm and Peter Lund designed towers.", DESIGNED, False),
        (DESIGNED, DESIGNED, False),
        ("李娜设计了甲塔。", 设计, True),
        ("张伟设计了乙塔。", 设计, True),
        ("张伟设计了甲塔。", 设计, False),
        (设计, 设计, False),
    ],
)
def test_who_did_what_is_not_mixed_from_clauses_that_are_alike(sentence: str, said: str, found: bool) -> None:
    assert mixed(read(sentence), [read(said)]) is found
