"""What ``load_model`` gives: a model and its tokenizer, which name what they stand for and load it when used."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.engine.wire import encode_prompt
from mm_orch.records.model_config import ModelConfig
from mm_orch.records.model_facts import ModelFacts
from mm_orch.runtime.messages import Prompt

if TYPE_CHECKING:
    from mm_orch.runtime.real_model_manager import RealModelManager


class ModelHandle:
    """A model by name. Unloaded or evicted, it loads again when it is used next."""

    def __init__(self, manager: RealModelManager, config: ModelConfig) -> None:
        self.manager, self.config = manager, config

    def __repr__(self) -> str:
        return f"ModelHandle({self.config.name!r})"

    @property
    def name(self) -> str:
        """The model's name."""
        return self.config.name

    def start(self) -> None:
        """Begin to load without waiting for it."""
        self.manager.start(self.config)

    def use(self) -> AbstractContextManager[tuple[EngineProcess, ModelFacts]]:
        """The child that holds the model, kept while the context lasts."""
        return self.manager.use(self.config)


class Tokenizer:
    """The model's own tokenizer, asked in its child. Text is a person's: special tokens in it stay letters."""

    def __init__(self, model: ModelHandle) -> None:
        self.model = model

    def encode(self, text: str) -> list[int]:
        """Token ids of ``text``."""
        return cast("list[int]", self._call("tokenize", {"text": text}))

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._call("detokenize", {"tokens": list(tokens)}))

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt has as a model gets it, the template's among them."""
        return self.counts([prompt])[0]

    def counts(self, prompts: Sequence[Prompt]) -> list[int]:
        """``count`` of several, in one question."""
        encoded = [encode_prompt(prompt) for prompt in prompts]
        return cast("list[int]", self._call("count_tokens", {"prompts": encoded}))

    def _call(self, method: str, params: dict[str, Any]) -> Any:
        with self.model.use() as (process, _):
            return process.call(method, params)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """``device`` is where the model runs, ``"cpu"`` or a GPU backend; ``facts`` are what it said of itself."""

    model: ModelHandle
    tokenizer: Tokenizer
    device: str
    facts: ModelFacts

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def config(self) -> ModelConfig:
        """How it was configured."""
        return self.model.config
