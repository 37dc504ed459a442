"""What an engine says of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """``context_length`` is in tokens; ``provider`` is ``"mock"``, ``"llama.cpp"`` or ``"openai"``."""

    model: str
    provider: str
    context_length: int
    device: str = "cpu"
    has_chat_template: bool = False

    @property
    def is_mock(self) -> bool:
        return self.provider == "mock"
