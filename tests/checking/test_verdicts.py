from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mm_orch.checking.facts import read
from mm_orch.checking.verdicts import LONGEST_QUOTE, Evidence, Finding, check, shortened
from mm_orch.records.passage import Passage

FERRY = Passage(
    1,
    "u",
    "Vellan ferry",
    "",
    "The Vellan ferry opened on 3 May 1987. The crossing is 12.5 km long and takes 40 minutes. "
    "It carried 1,250 passengers in 2019. It is not open to cars. A ticket costs $12.50.",
)
渡轮 = Passage(
    2,
    "u",
    "禾屿渡轮",
    "",
    "禾屿渡轮于1987年5月3日开通。航程全长12.5公里，需时40分钟。2019年运送旅客四百一十二万人次。"
    "渡轮不对汽车开放。门票12.5元。",
)
TOWERS = Passage(
    3,
    "u",
    "Towers",
    "",
    "Alder tower is 120 m high, while Birch tower is 95 m high. "
    "Anna Holm designed Alder tower and Peter Lund designed Birch tower. Kilo bought Lima in 2004.",
)
塔 = Passage(4, "u", "塔", "", "甲塔高120米，乙塔高95米。张伟设计了甲塔，李娜设计了乙塔。出口量从800吨降至650吨。")
TIMES = Passage(
    5,
    "u",
    "Ferry",
    "",
    "Between May and September the ferry sails six times a day, in winter four times. "
    "Tickets cost 19 euros for adults and 11.50 for children. "
    "Exports fell from 800 to 650 tonnes. The hotel has 40 rooms on 3 floors. The museum closes at 5 pm.",
)
时刻 = Passage(
    6,
    "u",
    "渡轮",
    "",
    "五月至九月渡轮每天六班，冬季每天四班。成人票38元，儿童票18元。船上有三名船员和两只猫。博物馆周一闭馆。",
)
QUOTING = Passage(7, "u", "Bridge", "", 'Marta Ruiz wrote: "The bridge shall stand for a hundred years."')
引文 = Passage(8, "u", "大桥", "", "马塔写道：“这座桥将屹立一百年。”")


def said(sentence: str, passage: Passage) -> Finding:
    return check(sentence, Evidence.of(passage))


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The Vellan ferry opened on 1987-05-03.", FERRY),
        ("The Vellan ferry opened on May 3, 1987.", FERRY),
        ("The Vellan ferry opened in May 1987.", FERRY),
        ("The crossing is 12,500 metres long.", FERRY),
        ("The crossing takes forty minutes.", FERRY),
        ("The Vellan ferry carried 1250 passengers in 2019.", FERRY),
        ("The Vellan ferry opened on ３ Ｍａｙ １９８７.", FERRY),
        ("A ticket costs 12.50 dollars.", FERRY),
        ("禾屿渡轮于一九八七年五月三日开通。", 渡轮),
        ("禾嶼渡輪於1987年5月3日開通。", 渡轮),
        ("禾屿渡轮于１９８７年５月３日开通。", 渡轮),
        ("航程全长12500米。", 渡轮),
        ("航程需时四十分钟。", 渡轮),
        ("2019年运送旅客412万人次。", 渡轮),
        ("2019年运送旅客4120000人次。", 渡轮),
        ("渡轮不对汽车开放。", 渡轮),
        ("Birch tower is 95 metres high.", TOWERS),
        ("Anna Holm designed Alder tower.", TOWERS),
        ("Alder tower was designed by Anna Holm.", TOWERS),
        ("Lima was bought by Kilo in 2004.", TOWERS),
        ("乙塔高95米。", 塔),
        ("甲塔由张伟设计。", 塔),
        ("出口量从800吨降至650吨。", 塔),
        ("In winter the ferry sails four times a day.", TIMES),
        ("The ferry sails four times a day in winter and six times between May and September.", TIMES),
        ("Tickets cost 11.50 for children.", TIMES),
        ("冬季渡轮每天四班。", 时刻),
        ("儿童票18元，成人票38元。", 时刻),
        ("船上有2只猫。", 时刻),
        ('Marta Ruiz wrote "The bridge shall stand for a hundred years."', QUOTING),
        ("马塔写道：“这座桥将屹立一百年。”", 引文),
    ],
)
def test_what_a_passage_says_in_another_form_is_held(sentence: str, passage: Passage) -> None:
    assert said(sentence, passage).reasons == ()


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        # dates and numbers
        ("The Vellan ferry opened on 5 March 1987.", FERRY),
        ("The Vellan ferry opened in 1978.", FERRY),
        ("The Vellan ferry carried 1,250 passengers in 2018.", FERRY),
        ("The Vellan ferry carried 2019 passengers.", FERRY),
        ("禾屿渡轮于1987年3月5日开通。", 渡轮),
        ("2018年运送旅客412万人次。", 渡轮),
        ("2019年运送旅客421万人次。", 渡轮),
        # units
        ("The crossing is 12.5 m long.", FERRY),
        ("The crossing is 12.5 miles long.", FERRY),
        ("The crossing takes 40 hours.", FERRY),
        ("A ticket costs €12.50.", FERRY),
        ("航程全长12.5米。", 渡轮),
        ("航程需时40小时。", 渡轮),
        ("2019年运送旅客412亿人次。", 渡轮),
        ("2019年运送旅客412人次。", 渡轮),
        ("门票12.5美元。", 渡轮),
        # negations and opposites
        ("It is open to cars.", FERRY),
        ("The Vellan ferry never opened on 3 May 1987.", FERRY),
        ("The Vellan ferry closed on 3 May 1987.", FERRY),
        ("渡轮对汽车开放。", 渡轮),
        ("2019年没有运送旅客412万人次。", 渡轮),
        ("禾屿渡轮于1987年5月3日关闭。", 渡轮),
        # names and what is added
        ("The Skogar ferry opened on 3 May 1987.", FERRY),
        ("The Vellan ferry opened on 3 May 1987 in Oslo.", FERRY),
        ("The Vellan ferry opened on 3 May 1987 and has a restaurant.", FERRY),
        ("金屿渡轮于1987年5月3日开通。", 渡轮),
        ("禾屿渡轮于1987年5月3日在上海开通。", 渡轮),
        ("禾屿渡轮于1987年5月3日开通，并设有餐厅。", 渡轮),
        # what is said of another
        ("Alder tower is 95 m high.", TOWERS),
        ("Alder tower is 95 m high, while Birch tower is 120 m high.", TOWERS),
        ("Peter Lund designed Alder tower.", TOWERS),
        ("Alder tower was designed by Peter Lund.", TOWERS),
        ("Lima bought Kilo in 2004.", TOWERS),
        ("Kilo was bought by Lima in 2004.", TOWERS),
        ("甲塔高95米。", 塔),
        ("甲塔高95米，乙塔高120米。", 塔),
        ("李娜设计了甲塔。", 塔),
        ("In winter the ferry sails six times a day.", TIMES),
        ("Tickets cost 19 for children.", TIMES),
        ("The hotel has 3 rooms on 40 floors.", TIMES),
        ("The hotel has 40 floors.", TIMES),
        ("冬季渡轮每天六班。", 时刻),
        ("儿童票为38元。", 时刻),
        ("船上有三只猫。", 时刻),
        ("船上有一只猫。", 时刻),
        # directions, days and hours
        ("Exports fell from 650 to 800 tonnes.", TIMES),
        ("Exports rose from 800 to 650 tonnes.", TIMES),
        ("The museum closes at 5 am.", TIMES),
        ("出口量从650吨降至800吨。", 塔),
        ("出口量从800吨增至650吨。", 塔),
        ("博物馆周二闭馆。", 时刻),
        # quotations
        ('Marta Ruiz wrote "The bridge shall stand for a thousand years."', QUOTING),
        ('Marta Ruiz wrote "The bridge must stand for a hundred years."', QUOTING),
        ("马塔写道：“这座桥必将屹立一百年。”", 引文),
    ],
)
def test_what_a_passage_does_not_say_is_not_held(sentence: str, passage: Passage) -> None:
    finding = said(sentence, passage)
    assert not finding.holds
    assert all(finding.reasons)


@pytest.mark.parametrize(
    ("sentence", "passage", "holds"),
    [
        ("The crossing is 12.5 kilometres long.", 渡轮, True),
        ("The crossing is 12.5 miles long.", 渡轮, False),
        ("It carried 4.12 million passengers in 2019.", 渡轮, True),
        ("It carried 412 passengers in 2019.", 渡轮, False),
        ("It opened on 3 May 1987.", 渡轮, True),
        ("It opened on 4 May 1987.", 渡轮, False),
        ("渡轮于1987年5月3日开通。", FERRY, True),
        ("渡轮于1987年3月5日开通。", FERRY, False),
        ("航程全长12.5公里。", FERRY, True),
        ("Kilo公司于2004年收购了Lima。", TOWERS, True),
        ("Skogar公司于2004年收购了Lima。", TOWERS, False),
    ],
)
def test_across_languages_numbers_dates_and_latin_names_alone_are_compared(
    sentence: str, passage: Passage, holds: bool
) -> None:
    finding = said(sentence, passage)
    assert finding.unproven
    assert finding.holds is holds


@pytest.mark.parametrize("sentence", ["", "   ", "...", "It is.", "的。", "？！"])
def test_a_sentence_without_content_is_not_held(sentence: str) -> None:
    assert said(sentence, FERRY).reasons == ("it says nothing",)


def test_an_empty_passage_holds_nothing() -> None:
    assert said("The ferry opened.", Passage(1, "u", "", "", " ")).reasons == ("the passage is empty",)


def test_a_finding_names_its_passage_and_quotes_the_statement_that_says_it() -> None:
    finding = said("The crossing takes 40 minutes.", FERRY)
    assert (finding.passage_id, finding.quote) == (1, "The crossing is 12.5 km long and takes 40 minutes.")
    assert said("航程需时四十分钟。", 渡轮).quote == "航程全长12.5公里，需时40分钟。"


def test_a_quote_of_what_is_not_held_is_the_statement_that_comes_closest() -> None:
    assert said("The crossing takes 45 minutes.", FERRY).quote.startswith("The crossing")


@pytest.mark.parametrize(
    ("question", "holds"),
    [("How long does the crossing take?", True), ("How many restaurants does the harbour of Skogar have?", False)],
)
def test_a_fragment_means_something_only_as_the_answer_to_its_question(question: str, holds: bool) -> None:
    assert check("40 minutes.", Evidence.of(FERRY), read(question)).holds is holds


def test_two_statements_that_follow_each_other_hold_a_sentence_together() -> None:
    passage = Passage(
        1, "u", "", "", "Ida Falk founded the glass museum in Hamn. It shows green bottles, lamps and windows."
    )
    sentence = "Ida Falk founded the glass museum in Hamn, which shows green bottles, lamps and windows."
    finding = said(sentence, passage)
    assert finding.holds
    assert finding.quote == passage.text


def test_a_statement_with_a_pronoun_leans_on_the_one_before_it() -> None:
    passage = Passage(1, "u", "", "", "The Orlen River is cold. It flows past Benham to the sea.")
    assert said("The Orlen flows past Benham to the sea.", passage).holds
    stranger = Passage(1, "u", "", "", "The Orlen River is cold. Lake Marrow feeds canals near Benham.")
    assert not said("The Orlen River feeds canals near Benham.", stranger).holds


TABLE = Passage(
    1,
    "u",
    "Fares",
    "",
    "| who | summer | winter |\n| adult on the upper deck | 19 | 11 |\n| dog on the upper deck | 5 | 3 |",
)


def test_a_row_of_a_table_says_something_of_its_first_cell_under_its_head() -> None:
    assert said("A dog on the upper deck: 5 in summer.", TABLE).holds
    assert not said("An adult on the upper deck: 5 in summer.", TABLE).holds
    assert not said("A cat on the upper deck: 5 in summer.", TABLE).holds


def test_headings_lend_their_words_but_not_their_numbers() -> None:
    passage = Passage(1, "u", "Vellan ferry", "Fares 7", "A bicycle costs 3.20 in summer.")
    assert said("A bicycle costs 3.20 on the Vellan ferry in summer.", passage).holds
    assert not said("A bicycle costs 7 on the Vellan ferry in summer.", passage).holds


@pytest.mark.parametrize("length", [LONGEST_QUOTE, LONGEST_QUOTE + 1, 5000])
def test_a_quote_is_cut_between_words_and_is_a_beginning(length: int) -> None:
    text = ("seven words of a page that goes on " * 200)[:length]
    cut = shortened(text)
    assert text.startswith(cut)
    assert len(cut) <= LONGEST_QUOTE
    assert cut == text or text[len(cut)] == " "
    assert shortened("长" * length) == "长" * LONGEST_QUOTE


SENTENCES = [
    *(FERRY.text.split(". ") + TOWERS.text.split(". ") + TIMES.text.split(". ")),
    *(渡轮.text.split("。") + 塔.text.split("。") + 时刻.text.split("。")),
]
NUMBERED = [
    (FERRY, "The Vellan ferry opened on 3 May {}.", range(1988, 2018)),
    (FERRY, "The crossing is 12.5 km long and takes {} minutes.", range(41, 300)),
    (FERRY, "It carried 1,{} passengers in 2019.", range(251, 1000)),
    (TOWERS, "Alder tower is {} m high, while Birch tower is 95 m high.", range(121, 400)),
    (TIMES, "Exports fell from 800 to {} tonnes.", range(651, 790)),
    (渡轮, "禾屿渡轮于{}年5月3日开通。", range(1988, 2018)),
    (渡轮, "航程全长12.5公里，需时{}分钟。", range(41, 300)),
    (渡轮, "2019年运送旅客{}万人次。", range(413, 1000)),
    (塔, "甲塔高{}米，乙塔高95米。", range(121, 400)),
]


@given(st.sampled_from([each.rstrip(".。") for each in SENTENCES if each]), st.randoms(use_true_random=False))
def test_a_copied_sentence_is_held_wherever_it_stands(sentence: str, random: object) -> None:
    others = [each.rstrip(".。") for each in SENTENCES if each]
    random.shuffle(others)  # type: ignore[attr-defined]
    end = "。" if sentence[-1] > "一" else "."
    passage = Passage(1, "u", "", "", "\n".join([*others[:5], f"{sentence}{end}", *others[5:9]]))
    assert said(f"{sentence}{end}", passage).reasons == ()


@given(st.data())
def test_a_copied_sentence_with_another_number_is_not_held(data: st.DataObject) -> None:
    passage, pattern, values = data.draw(st.sampled_from(NUMBERED))
    assert not said(pattern.format(data.draw(st.sampled_from(values))), passage).holds


SCRAPS = st.lists(
    st.sampled_from(
        [
            *(
                "3",
                "12,5",
                "1.2.3",
                "-7",
                "10:30",
                "0000-99-99",
                "31 May",
                "half",
                "third",
                "not",
                "than",
                "by",
                "between",
            ),
            *(
                "不",
                "没有",
                "四百",
                "万",
                "亿",
                "点",
                "年",
                "月",
                "日",
                "5月",
                "公元前",
                "百分之",
                "分之",
                "第",
                "由",
                "被",
                "比",
                "至",
            ),
            *(
                "%",
                "$",
                "km",
                "½",
                "①",
                "“",
                "”",
                '"',
                "`",
                "《",
                "》",
                "|",
                "-",
                ",",
                "，",
                ":",
                "\n",
                "\u200b",
                "🙂",
                "é",
            ),
            *("and", "to", "the", "Kilo", "GGUF", "A-1"),
        ]
    ),
    max_size=20,
)


@given(SCRAPS, SCRAPS, st.sampled_from(["", " "]))
def test_any_sentence_can_be_checked_against_any_passage(some: list[str], other: list[str], between: str) -> None:
    passage = Passage(9, "u", "", "", between.join(other))
    finding = said(between.join(some), passage)
    assert finding.passage_id == 9
    assert finding.quote in passage.text


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_at_all_can_be_checked(sentence: str, text: str) -> None:
    finding = said(sentence, Passage(9, "u", "", "", text))
    assert finding.holds == (not finding.reasons)


@given(SCRAPS)
def test_a_sentence_that_can_be_held_is_held_by_itself(scraps: list[str]) -> None:
    sentence = f"Vellan harbour {' '.join(scraps)}".replace("\n", " ")
    evidence = Evidence.of(Passage(9, "u", "", "", sentence))
    assume(len(evidence.statements) == 1)
    assert check(sentence, evidence).reasons == ()
