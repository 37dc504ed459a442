"""One note a passage that did not fit: what it says about the question, in the model's words."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from mm_orch.nodes.asking import AskingNode
from mm_orch.nodes.base import Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_texts
from mm_orch.records.note import Note
from mm_orch.records.passage import Passage


class SummarizeNode(AskingNode):
    """Takes a note on each passage, all at once; the prompt also gets the passage as ``text``.

    A note has its passage's number.
    """

    slots: ClassVar[tuple[str, ...]] = ("passages",)
    outputs: ClassVar[tuple[str, ...]] = ("notes",)

    kind: Literal["summarize"]
    fit: str | None = "text"

    def variables_given(self) -> set[str]:
        return super().variables_given() | {"title", "text"}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        passages: list[Passage] = list(self.given(state, "passages") or [])
        prompt, config, shared = self.wording(run), await self.config(run), self.values(state, run)
        values = [{**shared, "title": each.title, "text": each.text} for each in passages]
        run.progress("notes", 0, len(passages))
        texts = await write_texts(run, await self.requests(run, prompt, values, config))
        run.progress("notes", len(passages), len(passages))
        return {"notes": _notes(passages, texts, run)}


def _notes(passages: list[Passage], texts: list[str], run: StepRun) -> list[Note]:
    notes: list[Note] = []
    for passage, text in zip(passages, texts, strict=True):
        if text:
            notes.append(Note(passage.id, passage.title, passage.url, text))
        else:
            run.warn("no_note", url=passage.url)
    return notes
