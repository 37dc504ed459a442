"""What a caller may give as a prompt or a conversation, checked and made into records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from mm_orch.errors import InvalidInput
from mm_orch.records.message import Message, Role
from mm_orch.records.prompt_text import PromptText

Prompt = tuple[Message, ...] | PromptText | str
_ROLES = get_args(Role)


def as_prompt(given: object) -> Prompt:
    """``given`` as a prompt: text as it is, a list of messages as a conversation."""
    return given if isinstance(given, str) else as_messages(given)


def as_messages(given: object) -> tuple[Message, ...]:
    """Records of ``{"role": …, "content": …}`` or ``Message``; ``InvalidInput`` names the one that is wrong."""
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence) or not given:
        hint = 'Give a list such as [{"role": "user", "content": "Hello"}]'
        raise InvalidInput(f"messages is {given!r:.80}", hint=hint)
    return tuple(_message(item, place) for place, item in enumerate(given))


def _message(item: object, place: int) -> Message:
    if isinstance(item, Message):
        return item
    if not isinstance(item, Mapping) or item.get("role") not in _ROLES:
        role = item.get("role") if isinstance(item, Mapping) else item
        raise InvalidInput(f"message {place} has role {role!r:.80}", hint=f"Allowed: {', '.join(_ROLES)}")
    return Message(cast(Role, item["role"]), _content(item.get("content"), place))


def _content(content: object, place: int) -> str:
    """OpenAI allows a list of parts in the place of a text."""
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence) and all(_is_text(part) for part in content):
        return "".join(str(cast(Mapping[str, Any], part)["text"]) for part in content)
    raise InvalidInput(f"message {place} has content {content!r:.80}", hint="Give text")


def _is_text(part: object) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "text" and isinstance(part.get("text"), str)
