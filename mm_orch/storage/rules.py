"""What holds for sessions and runs in whatever they are stored."""

from __future__ import annotations

import secrets

from mm_orch.errors import InvalidInput
from mm_orch.records.session import Run

TITLE_LENGTH = 60
RESUMABLE = ("failed", "interrupted")


def session_name(session_id: str | None) -> str:
    """The session's id, a new one for None. Raises ``InvalidInput`` for one that could not be typed again."""
    if session_id is None:
        return secrets.token_hex(4)
    if not session_id.strip() or not session_id.isprintable() or len(session_id) > 200:
        raise InvalidInput(
            f"session {session_id[:40]!r} is no usable name", hint="Give 1 to 200 printable characters"
        )
    return session_id


def title(text: str) -> str:
    """``text`` on one line, of at most ``TITLE_LENGTH`` characters."""
    line = " ".join(text[: TITLE_LENGTH * 4].split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def not_resumable(run: Run) -> InvalidInput:
    """Why a run that is under way or came to its end does not go on."""
    if run.status == "running":
        hint = "It is being worked on by another MuAI; wait for it to end"
    else:
        hint = f"muai runs show {run.id} shows it, muai runs replay {run.id} answers again from what was recorded"
    return InvalidInput(f"run {run.id!r} cannot be resumed: its status is {run.status!r}", hint=hint)
