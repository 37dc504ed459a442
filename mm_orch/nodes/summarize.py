"""One note a page: what it says about the question, in the model's words."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from mm_orch.nodes.asking import AskingNode
from mm_orch.nodes.base import Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_texts
from mm_orch.records.note import Note
from mm_orch.records.page import Page


class SummarizeNode(AskingNode):
    """Takes a note on each page, all at once; the prompt also gets the page's ``title`` and ``text``."""

    slots: ClassVar[tuple[str, ...]] = ("pages",)
    outputs: ClassVar[tuple[str, ...]] = ("notes",)

    kind: Literal["summarize"]
    fit: str | None = "text"

    def variables_given(self) -> set[str]:
        return super().variables_given() | {"title", "text"}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        pages: list[Page] = list(self.given(state, "pages") or [])
        prompt, config, shared = self.wording(run), await self.config(run), self.values(state)
        values = [{**shared, "title": page.title, "text": page.text} for page in pages]
        run.progress("pages", 0, len(pages))
        texts = await write_texts(run, await self.requests(run, prompt, values, config))
        run.progress("pages", len(pages), len(pages))
        return {"notes": _notes(pages, texts, run)}


def _notes(pages: list[Page], texts: list[str], run: StepRun) -> list[Note]:
    notes: list[Note] = []
    for page, text in zip(pages, texts, strict=True):
        if text:
            notes.append(Note(len(notes) + 1, page.title, page.url, text))
        else:
            run.warn(f"page left out: {page.url}: the model wrote no note on it")
    if pages and not notes:
        run.degrade("the model wrote no note on any page")
    return notes
