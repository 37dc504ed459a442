"""A conversation as it is being held: who said what, and the prompt for the next answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mm_orch.errors import InvalidInput
from mm_orch.records.message import Message
from mm_orch.records.model_config import MODEL_TYPES
from mm_orch.records.prompt_text import PromptText

if TYPE_CHECKING:
    from mm_orch.engine.templates import ChatTemplate

_DEFAULT_FORMAT = "chatml"


class ConversationManager:
    """Collects turns. ``max_history_tokens`` is how much of them an engine keeps, old turns going first.

    ``model_type`` names the format of ``build_prompt``; an engine whose file has a chat template uses that instead.
    Not for use by several threads at once.
    """

    def __init__(
        self, model_type: str = "auto", max_history_tokens: int | None = None, system_prompt: str | None = None
    ) -> None:
        if model_type not in MODEL_TYPES:
            raise InvalidInput(f"model_type is {model_type!r}", hint=f"Allowed: {', '.join(MODEL_TYPES)}")
        if max_history_tokens is not None and (not isinstance(max_history_tokens, int) or max_history_tokens < 1):
            raise InvalidInput(f"max_history_tokens is {max_history_tokens!r}", hint="Give a whole number above 0")
        self.model_type = model_type
        self.max_history_tokens = max_history_tokens
        self.system_prompt = system_prompt
        self._turns: list[Message] = []

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything said so far, the system prompt first."""
        system = (Message("system", self.system_prompt),) if self.system_prompt else ()
        return (*system, *self._turns)

    def add_user_input(self, text: str) -> None:
        """Say ``text`` as the user."""
        self._turns.append(Message("user", _text(text)))

    def add_assistant_response(self, text: str) -> None:
        """Note what the model answered."""
        self._turns.append(Message("assistant", _text(text)))

    def build_prompt(self) -> PromptText:
        """The prompt for the next answer, all turns in it: the engine that gets it leaves out what does not fit."""
        if not self._turns:
            raise InvalidInput("the conversation is empty", hint="Call add_user_input first")
        spans = _template(self.model_type).render(self.messages)
        return PromptText(spans, self.messages, self.max_history_tokens)

    def clear(self) -> None:
        """Forget what was said; the system prompt stays."""
        self._turns.clear()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"a message is {value!r:.80}", hint="Give text")
    return value


@cache
def _template(model_type: str) -> ChatTemplate:
    from mm_orch.engine.chat_formats import CHAT_FORMATS
    from mm_orch.engine.templates import ChatTemplate

    return ChatTemplate(CHAT_FORMATS[_DEFAULT_FORMAT if model_type == "auto" else model_type])
