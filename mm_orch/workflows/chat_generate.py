"""ChatGenerate: one reply in a conversation (``workflows/chat_generate.yaml``), remembered by session in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, ClassVar

from mm_orch.errors import InvalidInput
from mm_orch.protocols import TextEngine
from mm_orch.records.event import RunFinished, WorkflowEvent
from mm_orch.records.limits import Limits
from mm_orch.records.message import Message
from mm_orch.runtime.conversation import ConversationManager
from mm_orch.workflows.base import BaseWorkflow, Inputs


class ChatGenerateWorkflow(BaseWorkflow):
    """``execute({"message": …, "session_id": …})``; the result is the reply as text.

    What was said under a ``session_id`` is remembered as long as this object lives. ``conversation_manager``
    remembers for the first session that is used, and when no session is named; its system prompt and
    ``max_history_tokens`` hold for all. ``history`` among the inputs takes the place of what is remembered.
    ``model_type`` is the format of conversations made here, see ``ConversationManager``.
    """

    name: ClassVar[str] = "chat_generate"

    def __init__(
        self,
        inference_engine: TextEngine | None = None,
        conversation_manager: ConversationManager | None = None,
        use_real_models: bool = False,
        language: str = "auto",
        model_type: str = "auto",
        *,
        limits: Limits | None = None,
        **named: Any,
    ) -> None:
        limits = limits or Limits()
        if conversation_manager is not None and limits.max_history_tokens is None:
            limits = replace(limits, max_history_tokens=conversation_manager.max_history_tokens)
        super().__init__(inference_engine, use_real_models, language, limits=limits, **named)
        self._first = _Remembered(conversation_manager, True) if conversation_manager else None
        self._pattern = conversation_manager or ConversationManager(model_type)
        self._sessions: dict[str, _Remembered] = {}

    def forget(self, session_id: str) -> None:
        """Remember nothing more of that session."""
        self._sessions.pop(session_id, None)

    async def _events(self, inputs: Inputs) -> AsyncGenerator[WorkflowEvent, None]:
        given = self.named(inputs)
        session_id = given.pop("session_id", None)
        session = self._session(session_id)
        async with session.turn:
            said = session.conversation.messages if session.remembers else ()
            async with aclosing(super()._events(_continued(given, said))) as events:
                async for event in events:
                    if isinstance(event, RunFinished):
                        session.note(str(given["message"]), event.result.answer)
                        event = RunFinished(replace(event.result, session_id=session_id))
                    yield event

    def _session(self, session_id: Any) -> _Remembered:
        if session_id is None:
            return self._first or _Remembered(self._fresh(), False)
        if not isinstance(session_id, str) or not session_id:
            raise InvalidInput(f"session_id is {session_id!r:.60}", hint="Give a text, or leave it out")
        if session_id not in self._sessions:
            first = self._first if not self._sessions else None
            self._sessions[session_id] = first or _Remembered(self._fresh(), True)
        return self._sessions[session_id]

    def _fresh(self) -> ConversationManager:
        like = self._pattern
        return ConversationManager(like.model_type, like.max_history_tokens, like.system_prompt)


class _Remembered:
    """A session's conversation; ``turn`` lets one message after the other have its reply."""

    def __init__(self, conversation: ConversationManager, remembers: bool) -> None:
        self.conversation, self.remembers = conversation, remembers
        self.turn = asyncio.Lock()

    def note(self, message: str, reply: str) -> None:
        self.conversation.add_user_input(message)
        self.conversation.add_assistant_response(reply)


def _continued(given: Mapping[str, Any], said: tuple[Message, ...]) -> dict[str, Any]:
    """The inputs, with what was said before where they do not bring their own."""
    system = "\n".join(turn.content for turn in said if turn.role == "system")
    remembered = {"history": [turn for turn in said if turn.role != "system"], "system": system or None}
    return {**remembered, **given}
