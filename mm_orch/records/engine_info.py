"""What an engine says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """``context_length`` is in tokens; ``provider`` is ``"mock"``, ``"llama.cpp"`` or ``"openai"``.

    ``n_params`` is the model's size, None where nobody knows it. ``notice`` is what a reader must be told of every
    text it writes, by language; empty for a real model.
    """

    model: str
    provider: str
    context_length: int
    device: str = "cpu"
    has_chat_template: bool = False
    n_params: int | None = None
    notice: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_mock(self) -> bool:
        return self.provider == "mock"
