"""Writes one text, streamed as the answer unless told otherwise, or one structure of the prompt's schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from mm_orch.nodes.asking import AskingNode, Messages
from mm_orch.nodes.base import Values
from mm_orch.nodes.citations import CitationFilter
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_structures, write_texts
from mm_orch.records.generation import GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message


class GenerateNode(AskingNode):
    """Writes a text or, where its prompt has a schema, a structure.

    ``history`` names a key with earlier messages, ``system`` one whose text replaces the prompt's system message,
    ``cites`` one with the notes that numbers in brackets may name; others are left out of the stream. ``preface``
    is put before the text, by language. ``stream`` false: the text is no answer, only a value for later steps.
    """

    outputs: ClassVar[tuple[str, ...]] = ("text",)

    kind: Literal["generate"]
    history: str | None = None
    system: str | None = None
    cites: str | None = None
    preface: Mapping[Literal["en", "zh"], str] = {}
    stream: bool = True

    def keys_read(self) -> dict[str, str]:
        named = {"history": self.history, "system": self.system, "cites": self.cites}
        return super().keys_read() | {name: key for name, key in named.items() if key}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        prompt = self.wording(run)
        schema = prompt.schema(run.language)
        config = await self.config(run, schema, answers=schema is None and self.stream)
        [messages] = await self.fitted(run, prompt, [self.values(state)], config)
        request = self._request(self._in_conversation(messages, state), config, run)
        if schema is not None:
            return {"text": (await write_structures(run, [request], schema))[0]}
        if not self.stream:
            return {"text": (await write_texts(run, [request]))[0]}
        return {"text": await self._streamed(request, state, run)}

    def _request(self, messages: Messages, config: GenerationConfig, run: StepRun) -> GenerationRequest:
        most = run.deps.limits.max_history_tokens if self.history else None
        return GenerationRequest(messages, config, trim_history=True, max_history_tokens=most)

    def _in_conversation(self, messages: Messages, state: Values) -> Messages:
        *before, last = messages
        system = str(state.get(self.system) or "") if self.system else ""
        if system:
            before = [Message("system", system), *(turn for turn in before if turn.role != "system")]
        earlier = tuple(state.get(self.history) or ()) if self.history else ()
        return (*before, *earlier, last)

    async def _streamed(self, request: GenerationRequest, state: Values, run: StepRun) -> str:
        preface = self._preface(run)
        run.text(preface)
        shown = CitationFilter({note.source_id for note in state.get(self.cites) or ()}) if self.cites else None
        text, ends = "", _Ends(run)
        async for event in run.stream(request):
            if isinstance(event, TextChunk):
                ends.feed(shown.feed(event.text) if shown else event.text)
            else:
                text = event.text.strip()
                self._check_end(event, run)
        ends.feed(shown.close() if shown else "")
        return preface + text

    def _preface(self, run: StepRun) -> str:
        text = self.preface.get("zh" if run.language == "zh" else "en", "")
        return f"{text}\n\n" if text else ""

    def _check_end(self, result: GenerationResult, run: StepRun) -> None:
        tokens = result.usage.completion_tokens
        if result.finish_reason == "length":
            run.warn(f"the answer was cut off at its limit of {tokens} tokens; a larger --max-tokens lets it go on")
        if self.history and result.dropped_messages:
            run.warn(f"{result.dropped_messages} earlier messages no longer fit the context and were left out")
        if not result.text.strip():
            run.degrade(f"step {self.id!r}: the model wrote nothing")


class _Ends:
    """Shows text without the blanks at its two ends, so that what streams is what the result holds."""

    def __init__(self, run: StepRun) -> None:
        self._run = run
        self._blanks: str | None = None

    def feed(self, piece: str) -> None:
        text = piece.lstrip() if self._blanks is None else self._blanks + piece
        if text:
            shown = text.rstrip()
            self._run.text(shown)
            self._blanks = text[len(shown) :]
