"""What all parts measure with: one model, one thread count, one engine, texts of a given length."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager
from mm_orch.runtime.speed import no_end, numbers, rate

WARM_UP = "1 2 3"


@dataclass
class Rig:
    """``path`` is the GGUF file; ``rounds`` and ``patience_s`` are what every part hands to ``alternate``."""

    path: str
    threads: int
    n_ctx: int
    rounds: int
    patience_s: float
    opened: list[RealModelManager] = field(default_factory=list)
    seeds: random.Random = field(default_factory=lambda: random.Random(1))

    @cached_property
    def engine(self) -> InferenceEngine:
        """MuAI as its users import it; the model is in a child process."""
        return self.open(self.n_ctx)

    @cached_property
    def ends(self) -> dict[int, float]:
        """A logit bias that keeps the model from ending its answer."""
        return no_end(self.engine.tokenizer)

    def open(self, n_ctx: int) -> InferenceEngine:
        """Another engine, with a context of ``n_ctx`` tokens; closed with this rig."""
        config = ModelConfig(model_name=self.path, max_context_length=n_ctx, n_threads=self.threads)
        manager = RealModelManager(catalogue={}, default_model=self.path, offline=True)
        self.opened.append(manager)
        return InferenceEngine(manager.load_model(config).model)

    def refresh(self) -> None:
        """Load the model anew: no cells of earlier rounds are left, as in a peer that was just started."""
        handle = self.engine.tokenizer.model
        handle.manager.unload_model(handle.name)
        self.engine.generate(WARM_UP, max_tokens=4)

    def close(self) -> None:
        for manager in self.opened:
            manager.close()

    def numbers(self, n_tokens: int) -> str:
        """A text of about ``n_tokens`` tokens that was not asked before: random numbers."""
        return numbers(self.engine.tokenizer, n_tokens, self.seeds)

    def decode_speed(self, prompt: Any, n_tokens: int, **options: Any) -> float:
        """Tokens a second of one stream after its first token, on this side of the pipe."""
        self.refresh()
        started = time.monotonic()
        result = self.engine.generate(prompt, max_tokens=n_tokens, **options)
        return rate([result], time.monotonic() - started)

    def batch_speed(self, prompts: list[str], n_tokens: int) -> float:
        """Tokens a second of all streams together, from the first token of any to the last of all."""
        self.refresh()
        started = time.monotonic()
        results = self.engine.batch_generate(prompts, max_tokens=n_tokens, logit_bias=self.ends)
        return rate(results, time.monotonic() - started)
