"""What the scheduler needs of a loaded model: batches evaluated, KV cells kept, tokens sampled.

``engine/native`` has llama.cpp's; the policy above it knows these protocols alone and is tested without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mm_orch.records.token_logprob import TokenLogprob

Scales = tuple[tuple[str, float], ...]
"""Path and scale of each LoRA adapter, sorted: two requests with equal scales may share KV cells."""


@dataclass(frozen=True, slots=True)
class BatchToken:
    """One token of a batch: at position ``pos`` of sequence ``seq``, with or without logits to sample from."""

    token: int
    pos: int
    seq: int
    wants_logits: bool


class Cells(Protocol):
    """KV cells by sequence id and position."""

    def remove(self, seq: int, start: int = 0) -> bool:
        """Free the cells of ``seq`` from position ``start``; False if this kind of model cannot cut there."""

    def copy(self, source: int, target: int, end: int) -> None:
        """Let ``target`` share the cells of ``source`` before position ``end``; nothing is computed."""


class Decoder(Cells, Protocol):
    """``n_ctx`` cells; takes up to ``n_batch`` tokens at once. One thread only, but for ``abort``."""

    n_ctx: int
    n_batch: int

    def decode(self, tokens: Sequence[BatchToken]) -> int:
        """Evaluate; 0 done, 1 no free cells (nothing changed), 2 aborted (cells partly written).

        Raises ``EngineError`` on failure; what the batch's sequences hold is then undefined.
        """

    def abort(self) -> None:
        """End the decode that is running, from any thread."""

    def allow(self) -> None:
        """Take back ``abort``."""


class Pieces(Protocol):
    """What tokens say."""

    def is_end(self, token: int) -> bool:
        """Whether ``token`` ends an answer."""

    def piece(self, token: int) -> bytes:
        """The bytes of ``token``, which may be a part of a character."""


class Sampler(Protocol):
    """Chooses the next token of one request."""

    def sample(self, index: int) -> int:
        """A token from the logits of the batch's token ``index``; raises ``GrammarError`` if none is allowed."""

    def logprob(self, index: int, token: int) -> TokenLogprob | None:
        """How likely the token was that was sampled from ``index``; None if nobody asked."""

    def close(self) -> None:
        """Give its memory back."""
