"""Steps that ask the model: from a prompt's id and the state's values to requests that fit the context."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from mm_orch.nodes import truncation
from mm_orch.nodes.base import Deps, Node, Section, Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import Prompt
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message

Messages = tuple[Message, ...]
_LEAST_TEXT = 16  # tokens: less of a text than this tells a model nothing
SLACK = 16  # tokens kept free: parts that were counted one by one may come to more together, in their template


class Writing(Section):
    """Limits of one request: fields of ``GenerationConfig``; what is left out is the engine's default."""

    max_tokens: int = Field(512, ge=1, le=1 << 20)
    temperature: float | None = Field(None, ge=0, le=100)
    top_p: float | None = Field(None, ge=0, le=1)
    top_k: int | None = Field(None, ge=0)
    min_p: float | None = Field(None, ge=0, le=1)
    repeat_penalty: float | None = Field(None, ge=0.01, le=100)
    stop: tuple[str, ...] = Field((), strict=False)


class AskingNode(Node):
    """A step with a prompt: ``prompt`` is its id, ``fit`` the variable that is shortened when it does not fit.

    ``model`` names another model than the run's, ``lora`` maps adapter files to scales.
    """

    prompt: str
    limits: Writing = Writing()
    fit: str | None = None
    model: str | None = Field(None, min_length=1)
    lora: dict[str, float] = Field({})

    def own(self, deps: Deps) -> Deps:
        return deps.with_model(self.model, self.lora)

    def variables_given(self) -> set[str]:
        """The prompt's variables that the step fills: from ``reads``, and its own."""
        return set(self.reads) - {*self.slots, *self.optional}

    def wording(self, run: StepRun) -> Prompt:
        """The step's prompt; a warning when it is not there in the run's language."""
        prompt = run.deps.prompts.get(self.prompt)
        fallback = prompt.fallback_warning(run.language)
        if fallback:
            run.pass_on([fallback])
        return prompt

    def values(self, state: Values, run: StepRun) -> dict[str, str]:
        """What ``reads`` puts into the prompt."""
        own = {*self.slots, *self.optional}
        return {
            name: as_text(state.get(key), run.deps.nonce) for name, key in self.reads.items() if name not in own
        }

    async def config(self, run: StepRun, schema: Any = None, *, answers: bool = False) -> GenerationConfig:
        """The step's limits under the user's own settings.

        The user's ``max_tokens`` is meant for what is ``answers`` (the text that is read), not for notes and
        structures. At most half of the context is left to the answer.
        """
        chosen = self.limits.model_dump(exclude_none=True) | dict(run.deps.limits.generation)
        if not answers:
            chosen["max_tokens"] = self.limits.max_tokens
        chosen["max_tokens"] = min(chosen["max_tokens"], max(1, await run.context_length() // 2))
        return GenerationConfig(**chosen, json_schema=schema)

    async def fitted(
        self, run: StepRun, prompt: Prompt, values: Sequence[dict[str, str]], config: GenerationConfig
    ) -> list[Messages]:
        """One conversation for each of ``values``, the ``fit`` variable shortened where the context is too small.

        Examples count as what can be left out: the engine drops them first.
        """
        built = [prompt.messages(run.language, each) for each in values]
        if self.fit is None or not built:
            return built
        engine, context_length = run.deps.engine, await run.context_length()
        counts = await engine.count_tokens([without_examples(messages) for messages in built])
        room = context_length - config.max_tokens - SLACK
        over = [at for at, count in enumerate(counts) if count > room]
        if not over:
            return built
        texts = [values[at][self.fit] for at in over]
        sizes = await engine.count_tokens(texts)
        most = [max(_LEAST_TEXT, size - (counts[at] - room)) for at, size in zip(over, sizes, strict=True)]
        for at, text in zip(over, await truncation.cut(engine, texts, most), strict=True):
            built[at] = prompt.messages(run.language, {**values[at], self.fit: text})
        run.warn("shortened", step=self.id, name=self.fit, tokens=context_length)
        return built

    async def requests(
        self, run: StepRun, prompt: Prompt, values: Sequence[dict[str, str]], config: GenerationConfig
    ) -> list[GenerationRequest]:
        """One request for each of ``values``."""
        conversations = await self.fitted(run, prompt, values, config)
        return [GenerationRequest(messages, config, trim_history=True) for messages in conversations]


def without_examples(messages: Messages) -> Messages:
    """A prompt's messages as an engine sends them that has no room for the examples."""
    system = messages[:1] if messages[0].role == "system" else ()
    return (*system, messages[-1]) if len(messages) > 2 else messages
