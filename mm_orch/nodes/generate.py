"""Writes one text, streamed as the answer unless told otherwise, or one structure of the prompt's schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.checking.citation_grammar import grammar
from mm_orch.checking.link_filter import Given, without_addresses
from mm_orch.errors import WorkflowError
from mm_orch.nodes.asking import AskingNode, Messages
from mm_orch.nodes.base import ModelSize, Values
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_structures, write_texts
from mm_orch.records.generation import GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.note import Note

_OF_A_SMALL_MODEL = 2  # sentences: further ones only repeat
_TOKENS_OF_A_SMALL_MODEL = 96  # of such a draft


class GenerateNode(AskingNode, ModelSize):
    """Writes a text or, where its prompt has a schema, a structure.

    ``history`` names a key with earlier messages, ``system`` one whose text replaces the prompt's system message.
    ``cites`` names keys with passages or notes: the text is then a draft of at most ``sentences`` sentences, each
    of which ends with numbers of theirs, or it is ``refusal``. A model of fewer than ``trusted_from`` parameters
    cannot tell when to refuse: it writes two sentences at most, and what checks them decides.
    ``preface`` is put before the text, by language. ``stream`` false: the text is no answer, only a value for later
    steps. ``links`` false: addresses that stand in nothing that was given to the step are taken out.
    """

    outputs: ClassVar[tuple[str, ...]] = ("text",)

    kind: Literal["generate"]
    history: str | None = None
    system: str | None = None
    cites: tuple[str, ...] = Field((), strict=False)
    sentences: int = Field(4, ge=1, le=20)
    refusal: Mapping[Literal["en", "zh"], str] = {}
    preface: Mapping[Literal["en", "zh"], str] = {}
    stream: bool = True
    links: bool = True

    def keys_read(self) -> dict[str, str]:
        named = {"history": self.history, "system": self.system}
        named |= {f"cites[{at}]": key for at, key in enumerate(self.cites)}
        return super().keys_read() | {name: key for name, key in named.items() if key}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        prompt = self.wording(run)
        schema = prompt.schema(run.language)
        config = await self.config(run, schema, answers=schema is None and self.stream)
        if self.cites:
            config = await self._citing(config, state, run)
        values = self.values(state, run)
        [messages] = await self.fitted(run, prompt, [values], config)
        request = self._request(self._in_conversation(messages, state), config, run)
        if schema is not None:
            return {"text": (await write_structures(run, [request], schema))[0]}
        if self.cites:
            return {"text": await self._drafted(request, run)}
        if not self.stream:
            return {"text": (await write_texts(run, [request]))[0]}
        if not self.links:
            return {"text": await self._without_links(request, Given(" ".join(values.values())), run)}
        return {"text": await self._streamed(request, run)}

    async def _citing(self, config: GenerationConfig, state: Values, run: StepRun) -> GenerationConfig:
        cited = [item for key in self.cites for item in state.get(key) or ()]
        ids = tuple(dict.fromkeys(item.source_id if isinstance(item, Note) else item.id for item in cited))
        if not ids:
            raise WorkflowError("nothing_to_cite", step=self.id)
        if not await self.is_small(run):
            return config.replace(grammar=grammar(ids, self.sentences, _in(self.refusal, run)))
        bound = grammar(ids, min(self.sentences, _OF_A_SMALL_MODEL))
        wanted = run.deps.limits.generation.get("max_tokens")
        most = config.max_tokens if wanted else min(config.max_tokens, _TOKENS_OF_A_SMALL_MODEL)
        return config.replace(grammar=bound, max_tokens=most)

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

    async def _streamed(self, request: GenerationRequest, run: StepRun) -> str:
        preface = self._preface(run)
        run.text(preface)
        result = await self._written(request, run, run.text)
        self._check_end(result, run)
        return preface + result.text.strip()

    async def _drafted(self, request: GenerationRequest, run: StepRun) -> str:
        """The draft as it is written; a sentence that broke off at the limit is left out when it is checked."""
        return (await self._written(request, run, run.draft)).text.strip()

    async def _written(
        self, request: GenerationRequest, run: StepRun, show: Callable[[str], None]
    ) -> GenerationResult:
        ends = _Ends(show)
        async for event in run.stream(request):
            if isinstance(event, TextChunk):
                ends.feed(event.text)
            else:
                result = event
        return result

    async def _without_links(self, request: GenerationRequest, given: Given, run: StepRun) -> str:
        text, removed = without_addresses(await self._drafted(request, run), given)
        if removed:
            run.warn("addresses_removed", count=removed)
        if not text:
            run.degrade("wrote_nothing", step=self.id)
        whole = self._preface(run) + text
        run.text(whole)
        return whole

    def _preface(self, run: StepRun) -> str:
        text = _in(self.preface, run)
        return f"{text}\n\n" if text else ""

    def _check_end(self, result: GenerationResult, run: StepRun) -> None:
        tokens = result.usage.completion_tokens
        if result.finish_reason == "length":
            run.warn("cut_off", tokens=tokens)
        if self.history and result.dropped_messages:
            run.warn("messages_dropped", count=result.dropped_messages)
        if not result.text.strip():
            run.degrade("wrote_nothing", step=self.id)


def _in(words: Mapping[Literal["en", "zh"], str], run: StepRun) -> str:
    return words.get("zh" if run.language == "zh" else "en", "")


class _Ends:
    """Shows text without the blanks at its two ends, so that what streams is what the result holds."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._blanks: str | None = None

    def feed(self, piece: str) -> None:
        text = piece.lstrip() if self._blanks is None else self._blanks + piece
        if text:
            shown = text.rstrip()
            self._show(shown)
            self._blanks = text[len(shown) :]
