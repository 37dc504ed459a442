from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mm_orch.checking.verdicts import Evidence, Finding, Judgement, judge
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


def said(sentence: str, *passages: Passage) -> Judgement:
    return judge(sentence, [Evidence.of(passage) for passage in passages])


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
def test_what_a_passage_says_in_another_form_is_not_contradicted(sentence: str, passage: Passage) -> None:
    assert said(sentence, passage).reasons == ()


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        # what stands nowhere: dates and numbers
        ("The Vellan ferry opened on 5 March 1987.", FERRY),
        ("The Vellan ferry opened in 1978.", FERRY),
        ("The Vellan ferry carried 1,250 passengers in 2018.", FERRY),
        ("禾屿渡轮于1987年3月5日开通。", 渡轮),
        ("2018年运送旅客412万人次。", 渡轮),
        ("2019年运送旅客421万人次。", 渡轮),
        ("The museum closes at 6 pm.", TIMES),
        ("The ferry leaves at 10:45.", TIMES),
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
        # another value for the same fact
        ("甲塔高95米。", 塔),
        ("儿童票为38元。", 时刻),
        ("船上有4名船员。", 时刻),
        # quotations
        ('Marta Ruiz wrote "The bridge shall stand for a thousand years."', QUOTING),
        ('Marta Ruiz wrote "The bridge must stand for a hundred years."', QUOTING),
        ("马塔写道：“这座桥必将屹立一百年。”", 引文),
    ],
)
def test_what_a_passage_has_nowhere_or_otherwise_is_contradicted(sentence: str, passage: Passage) -> None:
    found = said(sentence, passage)
    assert (found.verdict, found.findings) == ("contradicted", ())
    assert all(found.reasons)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("It is open to cars.", FERRY),
        ("The Vellan ferry opened on 3 May 1987 and has a restaurant.", FERRY),
        ("Peter Lund designed Alder tower.", TOWERS),
        ("Exports rose from 800 to 650 tonnes.", TIMES),
        ("渡轮对汽车开放。", 渡轮),
        ("李娜设计了甲塔。", 塔),
        ("Cats sleep all day.", FERRY),
        ("The hotel has 40 floors.", TIMES),
        ("In winter the ferry sails six times a day.", TIMES),
        ("冬季渡轮每天六班。", 时刻),
    ],
)
def test_nothing_is_contradicted_for_its_wording(sentence: str, passage: Passage) -> None:
    assert said(sentence, passage).verdict == "unverified"


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The crossing takes 40 minutes.", "It is cold. The crossing takes 40 minutes. It is far."),
        ("The  crossing takes\n40 minutes", "The crossing takes 40 minutes."),
        ('She said "no".', "She said “no”."),
        ("她说“不”。", "她说「不」。"),
        ("航程需40分钟", "很冷。航程需 40 分钟。"),
        ("Dogs travel free", "- Cats pay.\n- Dogs travel free"),
        ("Dogs travel free", "2) Dogs travel free"),
        ("Dog – 5 euros", "| who | fare |\n|---|---|\n| Dog | 5 euros |"),
        ("| Dog | 5 euros |", "| who | fare |\n|---|---|\n| Dog | 5 euros |"),
    ],
)
def test_a_whole_sentence_list_item_or_row_is_supported(sentence: str, text: str) -> None:
    found = said(sentence, Passage(4, "u", "", "", text))
    assert (found.verdict, found.reasons) == ("supported", ())
    assert [finding.passage_id for finding in found.findings] == [4]
    assert found.findings[0].quote in text


@pytest.mark.parametrize(
    "sentence",
    [
        "The crossing takes forty minutes.",
        "The crossing takes 40",
        "crossing takes 40 minutes.",
        "the crossing takes 40 minutes.",
    ],
)
def test_what_is_not_word_for_word_a_whole_statement_is_unverified(sentence: str) -> None:
    assert said(sentence, Passage(1, "u", "", "", "The crossing takes 40 minutes.")).verdict == "unverified"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The towers have 200 rooms.", "unverified"),
        ("The north tower has 40 rooms more.", "unverified"),
        ("They were built 11 years apart.", "unverified"),
        ("They were built 13 years apart.", "contradicted"),
        ("The towers have 201 rooms.", "contradicted"),
        ("Guests came: 12, 15 and 20, 47 in all.", "unverified"),
        ("Guests came: 12, 15 and 20, 48 in all.", "contradicted"),
    ],
)
def test_a_sum_or_a_difference_of_its_numbers_is_not_contradicted(sentence: str, verdict: str) -> None:
    text = "The north tower of 1987 has 120 rooms.\nThe south tower of 1998 has 80 rooms.\nGuests: 12, 15 and 20."
    assert said(sentence, Passage(1, "u", "", "", text)).verdict == verdict


def test_a_number_in_a_word_only_counts_and_is_contradicted_by_another_count_alone() -> None:
    assert said("Two towers were designed by Anna Holm and Peter Lund.", TOWERS).verdict == "unverified"
    assert (
        said("The boat has two sailors.", Passage(1, "u", "", "", "It has three sailors.")).verdict
        == "contradicted"
    )


def test_a_date_may_stand_in_parts_and_needs_a_year_only_where_years_stand() -> None:
    parts = Passage(1, "u", "Season 1987", "", "It opened on 3 May. In October it closed.")
    assert said("It opened on 3 May 1987.", parts).verdict == "unverified"
    assert said("It closed in October 1987.", parts).verdict == "unverified"
    assert said("It opened on 3 May 1988.", parts).verdict == "contradicted"
    assert said("It opened on 3 May 1988.", Passage(1, "u", "", "", "It opens on 3 May.")).verdict == "unverified"


def test_a_quotation_may_leave_words_out_and_a_title_is_a_name() -> None:
    assert said('She wrote "the bridge ... for a hundred years".', QUOTING).verdict == "unverified"
    titled = said('She wrote "Songs of the Sea" in Hamn.', QUOTING)
    assert titled.verdict == "unverified"
    assert titled.reasons == (
        "the name 'songs' is not there",
        "the name 'sea' is not there",
        "the name 'hamn' is not there",
    )


@pytest.mark.parametrize(
    ("sentence", "passage", "names"),
    [
        ("The Skogar ferry opened on 3 May 1987.", FERRY, ["skogar"]),
        ("The Vellan ferry opened in 1987 in Oslo.", FERRY, ["oslo"]),
        ("The Towers were designed by Anna Holm's friend.", TOWERS, []),
        ("Skogar公司设计了甲塔。", 塔, ["skogar"]),
        ("张伟写了《塔史》。", 塔, ["塔史"]),
        ("Kilo uses GPT-4.", TOWERS, ["gpt-4"]),
    ],
)
def test_a_name_that_stands_nowhere_is_the_reason(sentence: str, passage: Passage, names: list[str]) -> None:
    found = said(sentence, passage)
    assert (found.verdict, list(found.reasons)) == (
        "unverified",
        [f"the name {name!r} is not there" for name in names],
    )


@pytest.mark.parametrize(
    ("sentence", "passage", "verdict"),
    [
        ("The crossing is 12.5 kilometres long.", 渡轮, "unverified"),
        ("The crossing is 12.5 miles long.", 渡轮, "contradicted"),
        ("It carried 4.12 million passengers in 2019.", 渡轮, "unverified"),
        ("It carried 412 passengers in 2019.", 渡轮, "contradicted"),
        ("It opened on 4 May 1987.", 渡轮, "contradicted"),
        ("渡轮于1987年5月3日开通。", FERRY, "unverified"),
        ("渡轮于1987年3月5日开通。", FERRY, "contradicted"),
    ],
)
def test_values_are_compared_across_languages(sentence: str, passage: Passage, verdict: str) -> None:
    found = said(sentence, passage)
    assert found.verdict == verdict
    assert verdict == "contradicted" or found.reasons == ("in another language",)


def test_all_cited_passages_count_with_their_titles_and_headings() -> None:
    heading = Passage(9, "u", "Fares 2024", "Dogs: 7 euros", "Pay on board.")
    assert said("In 2024 a dog pays 7 euros.", heading).verdict == "unverified"
    assert said("The ferry takes 40 minutes and the museum closes at 5 pm.", FERRY, TIMES).verdict == "unverified"


def test_a_finding_quotes_the_statement_that_comes_closest() -> None:
    assert said("The crossing takes forty minutes.", FERRY).findings == (
        Finding(1, "The crossing is 12.5 km long and takes 40 minutes."),
    )
    assert said("It is 40 minutes.", 渡轮).findings[0].quote == "航程全长12.5公里，需时40分钟。"
    assert said("Cats sleep.", FERRY).findings == (Finding(1, ""),)


@pytest.mark.parametrize("sentence", ["", "   ", "...", "？！"])
def test_a_sentence_without_content_is_never_supported(sentence: str) -> None:
    assert said(sentence, FERRY).verdict == said(sentence, Passage(1, "u", "", "", "...")).verdict == "unverified"


def test_without_a_passage_nothing_is_supported() -> None:
    assert said("It is so.").verdict == "unverified"
    assert said("It is 5 km.").verdict == "contradicted"


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
def test_a_copied_sentence_is_supported_wherever_it_stands(sentence: str, random: object) -> None:
    others = [each.rstrip(".。") for each in SENTENCES if each]
    random.shuffle(others)  # type: ignore[attr-defined]
    end = "。" if sentence[-1] > "一" else "."
    passage = Passage(1, "u", "", "", "\n".join([*others[:5], f"{sentence}{end}", *others[5:9]]))
    assert said(f"{sentence}{end}", passage).verdict == "supported"


@given(st.data())
def test_a_copied_sentence_with_another_number_is_contradicted(data: st.DataObject) -> None:
    passage, pattern, values = data.draw(st.sampled_from(NUMBERED))
    assert said(pattern.format(data.draw(st.sampled_from(values))), passage).verdict == "contradicted"


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
def test_any_sentence_can_be_judged_by_any_passage(some: list[str], other: list[str], between: str) -> None:
    passage = Passage(9, "u", "", "", between.join(other))
    found = said(between.join(some), passage)
    assert all(finding.passage_id == 9 and finding.quote in passage.text for finding in found.findings)
    assert found.findings if found.verdict != "contradicted" else found.reasons


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_at_all_can_be_judged(sentence: str, text: str) -> None:
    assert said(sentence, Passage(9, "u", "", "", text)).verdict in ("supported", "unverified", "contradicted")
