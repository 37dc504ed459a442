"""A rendered prompt that remembers which of its spans are template and which are a person's text."""

from __future__ import annotations

from collections.abc import Iterable

from mm_orch.records.message import Message


class PromptText(str):
    """A ``str`` whose ``spans`` are ``(text, is_template)`` and join to it.

    Only template spans are tokenized with special tokens on. ``messages`` is the conversation it was rendered
    from: an engine whose model has a chat template of its own renders that instead, leaving out old turns until
    ``max_history_tokens`` (tokens) are kept.
    """

    __slots__ = ("max_history_tokens", "messages", "spans")

    spans: tuple[tuple[str, bool], ...]
    messages: tuple[Message, ...]
    max_history_tokens: int | None

    def __new__(
        cls,
        spans: Iterable[tuple[str, bool]],
        messages: Iterable[Message] = (),
        max_history_tokens: int | None = None,
    ) -> PromptText:
        spans = tuple(spans)
        self = super().__new__(cls, "".join(text for text, _ in spans))
        self.spans = spans
        self.messages = tuple(messages)
        self.max_history_tokens = max_history_tokens
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return (PromptText, (self.spans, self.messages, self.max_history_tokens))
