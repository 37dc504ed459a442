"""What holds for sessions and runs in whatever they are stored."""

from __future__ import annotations

import secrets

from mm_orch.errors import InvalidInput
from mm_orch.records.session import Run
from mm_orch.words import Sentence

TITLE_LENGTH = 60
RESUMABLE = ("failed", "interrupted")


def session_name(session_id: str | None) -> str:
    """The session's id, a new one for None. Raises ``InvalidInput`` for one that could not be typed again."""
    if session_id is None:
        return secrets.token_hex(4)
    if not session_id.strip() or not session_id.isprintable() or len(session_id) > 200:
        raise InvalidInput("session_name", name=session_id[:40])
    return session_id


def title(text: str) -> str:
    """``text`` on one line, of at most ``TITLE_LENGTH`` characters."""
    line = " ".join(text[: TITLE_LENGTH * 4].split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def not_resumable(run: Run) -> InvalidInput:
    """Why a run that is under way or came to its end does not go on."""
    hint = Sentence("hint.still_running" if run.status == "running" else "hint.has_ended", {"run": run.id})
    return InvalidInput("not_resumable", run=run.id, status=run.status, hint=hint)
