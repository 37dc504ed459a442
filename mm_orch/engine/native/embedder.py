"""Vectors of texts, for models made to give them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mm_orch.engine.decoder import BatchToken
from mm_orch.engine.native.context import Context
from mm_orch.engine.native.library import NativeLog
from mm_orch.engine.native.model import Model
from mm_orch.engine.native.vocabulary import Vocabulary
from mm_orch.errors import ContextLengthExceeded, EngineError, InvalidInput
from mm_orch.records.load_spec import LoadSpec

_POOLED = {"1": "mean", "2": "cls", "3": "last"}
_MOST_TOKENS = 8192


def can_embed(model: Model) -> bool:
    """Whether the file says how token vectors become one vector."""
    return model.metadata(f"{model.metadata('general.architecture')}.pooling_type") in _POOLED


class Embedder:
    """A context of its own beside the one that generates. Raises ``EngineError`` if the model cannot embed."""

    def __init__(self, model: Model, vocabulary: Vocabulary, spec: LoadSpec, log: NativeLog) -> None:
        if not can_embed(model):
            raise EngineError(f"{spec.path!r} gives no embeddings", hint="Use a GGUF embedding model")
        size = min(model.n_ctx_train, _MOST_TOKENS)
        self._n_seq = spec.n_seq
        self._vocabulary = vocabulary
        self._context = Context(model, replace(spec, n_ctx=size, n_batch=size), spec.n_seq, log, embeds=True)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of length 1 for each text.

        Raises ``ContextLengthExceeded`` for a text that is too long, ``InvalidInput`` for one that has no token.
        """
        size = self._context.n_batch
        token_lists = [self._vocabulary.tokenize_whole(text) for text in texts]
        for number, tokens in enumerate(token_lists, start=1):
            if not tokens:
                raise InvalidInput(f"text {number} of {len(texts)} to embed is empty", hint="Leave it out")
            if len(tokens) > size:
                raise ContextLengthExceeded(len(tokens), size, size)
        vectors: list[list[float]] = []
        while len(vectors) < len(token_lists):
            group, total = [], 0
            for tokens in token_lists[len(vectors) : len(vectors) + self._n_seq]:
                total += len(tokens)
                if total > size:
                    break
                group.append(tokens)
            vectors += self._embed_together(group)
        return vectors

    def _embed_together(self, group: Sequence[Sequence[int]]) -> list[list[float]]:
        batch = [
            BatchToken(token, position, seq, wants_logits=True)
            for seq, tokens in enumerate(group)
            for position, token in enumerate(tokens)
        ]
        try:
            if self._context.decode(batch) != 0:
                raise EngineError(f"llama.cpp could not embed {len(group)} texts of {len(batch)} tokens")
            return [_unit(self._context.embedding(seq)) for seq in range(len(group))]
        finally:
            for seq in range(len(group)):
                self._context.remove(seq)


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(value * value for value in vector))
    if not math.isfinite(length):
        raise EngineError("the model gave a vector that is not finite", hint="The file is damaged")
    return [value / length for value in vector] if length else list(vector)
