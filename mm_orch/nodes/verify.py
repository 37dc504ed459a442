"""Checks a draft against its notes: citations that name no source go; the notes become the answer's sources."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from mm_orch.nodes.base import Node, Values
from mm_orch.nodes.citations import CitationFilter
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.wording import worded
from mm_orch.records.note import Note
from mm_orch.records.source import Source


class VerifyNode(Node):
    """Takes out citation numbers that name no source, with a warning, and lists the sources."""

    slots: ClassVar[tuple[str, ...]] = ("text", "notes")
    outputs: ClassVar[tuple[str, ...]] = ("text", "sources")

    kind: Literal["verify"]

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        notes: list[Note] = list(self.given(state, "notes") or [])
        checked = CitationFilter({note.source_id for note in notes})
        text = (checked.feed(worded(self.given(state, "text"))) + checked.close()).strip()
        if checked.removed:
            numbers = ", ".join(f"[{number}]" for number in dict.fromkeys(checked.removed))
            run.warn(f"citations that name no source were removed: {numbers}")
        return {"text": text, "sources": [Source(note.source_id, note.title, note.url) for note in notes]}
