"""Scores add up to shares, and the table has a line for each goal."""

from __future__ import annotations

from benchmarks.quality_parts.asking import Asked
from benchmarks.quality_parts.sample import as_markdown, drawn
from benchmarks.quality_parts.scoring import Score, score
from benchmarks.quality_parts.totals import Totals, table
from tests.benchmarks.made import URL, question, result, support


def _scored(answer: str, *verdicts: str, there: bool = True) -> Score:
    asked = question(("twelve", "12"), span="for twelve seconds") if there else question(span=None)
    return score(Asked(asked, (), (), 0.5, result(answer, support=support(*verdicts))), there or None, [URL])


def test_shares_count_only_the_questions_they_are_about() -> None:
    totals = Totals(
        [
            _scored("Twelve seconds [1].", "supported", "contradicted"),
            _scored("Unknown.", "contradicted"),
            _scored("", "contradicted", there=False),
            _scored("It is so [2].", "supported", there=False),
        ]
    )
    assert str(totals.facts) == "1/2 50%"
    assert str(totals.refused) == "1/2 50%"
    assert str(totals.answered) == "1/2 50%"
    assert str(totals.support) == "2/5 40%"
    assert totals.invented == 1
    assert str(totals.found) == "0/2 0%"


def test_nothing_asked_is_no_share() -> None:
    assert str(Totals([]).found) == "–"
    assert Totals([]).as_document()["right_passage_used"] is None


def test_the_table_has_a_column_for_each_set_and_names_the_goals() -> None:
    shown = table({"en dev": Totals([_scored("Twelve [1].", "supported")])})
    assert "| | en dev | goal |" in shown
    assert "≥ 92 %" in shown
    assert "≥ 95 %" in shown


def test_retrieval_alone_shows_nothing_of_answers() -> None:
    alone = Totals([score(Asked(question(("12",)), (), (), 0.1), True, [URL])])
    assert "refused" not in table({"en": alone})
    assert "facts_found" not in alone.as_document()


def test_the_sample_holds_supported_sentences_with_their_quotes_and_is_the_same_each_time() -> None:
    scores = [_scored("…", "supported", "contradicted", "supported") for _ in range(5)]
    assert len(drawn(scores, 50)) == 10
    assert drawn(scores, 4) == drawn(scores, 4)
    text = as_markdown(drawn(scores, 4))
    assert text.count("> for twelve seconds") == 4
    assert "Sentence 1." not in text
