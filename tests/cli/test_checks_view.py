"""The ledger and the sentences of a run, line by line."""

from __future__ import annotations

from mm_orch.cli.checks_view import checks
from mm_orch.exports.run_document import of_result
from mm_orch.records.answer_support import AnswerSupport, SentenceCheck
from mm_orch.records.ledger import Ledger, LedgerEntry
from mm_orch.records.workflow_result import WorkflowResult

RESULT = WorkflowResult(
    "search_qa",
    "a",
    "a",
    artefacts={
        "ledger": Ledger(
            512, (LedgerEntry("passage", "Tea", 100), LedgerEntry("passage", "Rain", 900, False, "does not fit"))
        ),
        "support": AnswerSupport(
            (
                SentenceCheck("Tea is hot [1].", (1,), "supported", repaired=True),
                SentenceCheck("It costs 9 euros [1].", (), "contradicted", ("9 is not in [1]",), shown=False),
                SentenceCheck("It is tea.", (), "unverified", shown=False),
            )
        ),
    },
)


def test_what_was_used_cut_and_why_is_a_table() -> None:
    lines = checks(of_result(RESULT), "en")
    assert lines[0] == "Tokens: 512 in the context, 100 used, 412 left"
    assert lines[1] == "     100  passage   used  Tea"
    assert lines[2] == "     900  passage   cut  Rain (does not fit)"


def test_each_sentence_has_its_verdict_and_reasons() -> None:
    lines = checks(of_result(RESULT), "en")
    assert lines[3:] == [
        "Sentences: 1 supported, 1 unverified, 2 dropped, 1 repaired",
        "  [supported, repaired] Tea is hot [1].",
        "  [contradicted] It costs 9 euros [1]. (9 is not in [1])",
        "  [unverified, dropped] It is tea.",
    ]
    assert checks(of_result(RESULT), "zh")[3].startswith("句子：1 句有依据")


def test_a_run_that_checked_nothing_has_no_lines() -> None:
    assert checks(of_result(WorkflowResult("w", "a", "a")), "en") == []
