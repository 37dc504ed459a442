"""What to search for: a follow-up made to stand alone, other words on the second round, typed addresses."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from mm_orch.nodes.base import Node, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.wording import worded
from mm_orch.records.search import Hit
from mm_orch.text.addresses import web_addresses
from mm_orch.text.query_words import content_words

_LONGEST = 300  # characters: search engines refuse or ignore more


class QueryNode(Node):
    """Writes the question that stands alone, the words to search for, and hits for addresses in the question.

    On a later round (``asked`` holds earlier queries) it searches for other words, those ``missing`` first.
    """

    slots: ClassVar[tuple[str, ...]] = ("question",)
    optional: ClassVar[tuple[str, ...]] = ("history", "missing", "asked")
    outputs: ClassVar[tuple[str, ...]] = ("question", "query", "typed", "asked")

    kind: Literal["query"]

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        own = worded(self.given(state, "question"))
        asked: list[str] = list(self.given(state, "asked") or [])
        typed = web_addresses(own)
        question = own
        query = _without(question, typed) if not asked else " ".join(content_words(question))
        return {
            "question": question,
            "query": query[:_LONGEST],
            "typed": [Hit(url, "", provider="typed") for url in typed],
            "asked": [*asked, query],
        }


def _without(question: str, typed: tuple[str, ...]) -> str:
    for url in typed:
        question = question.replace(url, " ")
    return " ".join(question.split())
