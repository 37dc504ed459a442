"""What every step has: its keys in a workflow file, what it is given, and the run it takes part in.

A node is a frozen pydantic model: its fields are its YAML, ``run()`` its behaviour.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mm_orch.nodes.guards import Guard, Repeat
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import Engines, PageFetcher, SearchProvider, TextEngine
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query

if TYPE_CHECKING:
    from mm_orch.nodes.step_run import StepRun

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deps:
    """What steps may ask for: LangGraph's run context.

    ``search`` and ``fetch`` may be None where no step needs them. ``clock`` counts seconds from any start.
    ``nonce`` is a word that nobody can know before the run, for delimiters; a replay gets the recorded run's.
    ``engines`` has the models that a step or a query names; without it ``engine`` writes for all. ``providers``
    gives the search providers that a query names.
    """

    engine: TextEngine
    prompts: PromptLibrary
    search: SearchProvider | None = None
    fetch: PageFetcher | None = None
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))
    engines: Engines | None = None
    providers: Callable[[tuple[str, ...]], tuple[SearchProvider, PageFetcher]] | None = None

    def with_model(self, model: str | None, lora: Mapping[str, float]) -> Deps:
        """With the engine of ``model`` and with these adapters, where they are named. Raises ``UnknownName``.

        Adapters are made for one model: another one does not take over those that the run has.
        """
        generation = {key: value for key, value in self.limits.generation.items() if key != "lora" or not model}
        limits = replace(self.limits, generation=generation | ({"lora": dict(lora)} if lora else {}))
        engine = self.engines.get(model) if model and self.engines else self.engine
        return replace(self, engine=engine, limits=limits)

    def overridden(self, query: Query) -> Deps:
        """With the limits, model, adapters and search providers of ``query``. Raises ``UnknownName``."""
        deps = replace(self, limits=query.limits.over(self.limits)).with_model(query.model, query.lora)
        if not query.search or self.providers is None:
            return deps
        search, fetch = self.providers(query.search)
        return replace(deps, search=search, fetch=fetch)


class Section(BaseModel):
    """A group of keys in a workflow file: frozen, unknown keys refused, no text taken for a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


TRUSTED_FROM = 1_000_000_000
"""Parameters from which a model is left to say what answers a question.

The bundled model of 135 million cannot: of 42 sentences that it drafted 5 had what their passages say.
"""


class ModelSize(Section):
    """Keys of a step that asks less of a model of fewer than ``trusted_from`` parameters."""

    trusted_from: int = Field(TRUSTED_FROM, ge=0)

    async def is_small(self, run: StepRun) -> bool:
        """Whether the model of ``run`` is not known to have so many."""
        return await run.is_smaller(self.trusted_from)


class Node(Section):
    """One step: ``id`` names it, ``when`` guards it, ``repeat`` leads back.

    ``reads`` maps the names that the step knows to state keys (a list names both alike), ``writes`` the step's
    outputs to state keys (a single text is the first output).
    """

    slots: ClassVar[tuple[str, ...]] = ()
    """Names in ``reads`` that the step itself uses and that must be there."""
    optional: ClassVar[tuple[str, ...]] = ()
    """Names in ``reads`` that the step uses where they are given."""
    outputs: ClassVar[tuple[str, ...]] = ("text",)
    """What the step can write; the first one must be named."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: str
    when: Guard | None = None
    repeat: Repeat | None = None
    reads: dict[str, str] = {}
    writes: dict[str, str]

    @field_validator("when", mode="before")
    @classmethod
    def _guard(cls, value: Any) -> Any:
        return Guard.parse(value) if isinstance(value, str) else value

    @field_validator("reads", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return {name: name for name in value} if _is_names(value) else value

    @field_validator("writes", mode="before")
    @classmethod
    def _outputs(cls, value: Any) -> Any:
        return {cls.outputs[0]: value} if isinstance(value, str) else value

    def keys_read(self) -> dict[str, str]:
        """State keys that the step reads, by the YAML key that names them."""
        return {f"reads.{name}": key for name, key in self.reads.items()}

    def prompts_used(self) -> dict[str, str]:
        """Ids of further prompts that the step uses, by the YAML key that names them."""
        return {}

    def given(self, state: Values, name: str) -> Any:
        """The value behind ``name`` in ``reads``; None when it is not there or nothing wrote it."""
        return state.get(self.reads.get(name, ""))

    def own(self, deps: Deps) -> Deps:
        """``deps`` as the step's own keys want them. Raises ``UnknownName``."""
        return deps

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        """Do the step; returns its outputs by output name."""
        raise NotImplementedError

    @classmethod
    def described(cls) -> str:
        """What the kind does, in a sentence: the first line of its docstring."""
        return (cls.__doc__ or "").split("\n", 1)[0]


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
