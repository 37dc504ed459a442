"""What an engine says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do; None where nobody knows, which is to be taken for no.

    ``grammar``: it holds to a grammar or JSON schema. ``token_counts``: ``count_tokens`` is exact. ``roles``: it
    tells apart who said what in a conversation.
    """

    grammar: bool | None = None
    logprobs: bool | None = None
    token_counts: bool | None = None
    embeddings: bool | None = None
    rerank: bool | None = None
    roles: bool | None = None


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """``context_length`` is in tokens; ``provider`` is ``"mock"``, ``"llama.cpp"`` or ``"openai"``.

    ``n_params`` is the model's size. Both are None where nobody knows. ``notice`` is what a reader must be told of
    every text it writes, by language; empty for a real model.
    """

    model: str
    provider: str
    context_length: int | None
    device: str = "cpu"
    n_params: int | None = None
    notice: Mapping[str, str] = field(default_factory=dict)
    can: Capabilities = Capabilities()

    @property
    def is_mock(self) -> bool:
        """Whether no model stands behind it."""
        return self.provider == "mock"
