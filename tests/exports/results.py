"""Results whose every text tries to be markup."""

from __future__ import annotations

from mm_orch.records.answer_support import AnswerSupport, SentenceCheck
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult

HOSTILE = "<script>alert(1)</script> ![x](http://evil/p.png) [y](http://evil/) <http://evil/> \"&'| `a`"

TEA = WorkflowResult(
    "search_qa",
    "Tea is hot [1].",
    "Tea is hot [1]. It is **old** [2] [9].\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    sources=(
        Source(1, "Tea", "https://a.test/?x=1&y=2", "Tea is served hot."),
        Source(2, "茶", "corpus:notes.md", None),
    ),
    warnings=("page left out",),
    model="smollm2-135m",
    artefacts={"support": AnswerSupport((SentenceCheck("Tea is hot.", (1,), "supported"),))},
)
EVIL = WorkflowResult(
    "search_qa",
    HOSTILE,
    HOSTILE,
    sources=(Source(1, HOSTILE, "javascript:alert(1)", HOSTILE), Source(2, "b", 'https://a.test/"onload="x', None)),
    warnings=(HOSTILE,),
    model=HOSTILE,
)
