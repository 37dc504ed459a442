"""What a run is doing, on stderr: live on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from mm_orch.cli import screen
from mm_orch.cli.event_text import ended, prompt_of
from mm_orch.records.event import QueryEvent

if TYPE_CHECKING:
    from mm_orch.records.workflow_result import WorkflowResult


class Progress(Protocol):
    """Told of every event; ``pause`` before the answer is written, ``done`` after it, ``close`` at the end."""

    def tell(self, event: QueryEvent) -> None:
        """Something happened in the run."""
        ...

    def say(self, text: str) -> None:
        """A line of a person's concern that is no event."""
        ...

    def pause(self) -> None:
        """The answer is written from now on."""
        ...

    def done(self, result: WorkflowResult) -> None:
        """The run ended with ``result``."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...


class Silence:
    """Tells nothing."""

    def tell(self, event: QueryEvent) -> None:
        return

    def say(self, text: str) -> None:
        return

    def pause(self) -> None:
        return

    def done(self, result: WorkflowResult) -> None:
        return

    def close(self) -> None:
        return


class PlainProgress:
    """A line a step, for logs and pipes."""

    def __init__(self, *, prompts: bool, language: str = "en") -> None:
        self._prompts, self._language = prompts, language

    def tell(self, event: QueryEvent) -> None:
        """A line for what ended, and the prompt before it where prompts are wanted."""
        text = prompt_of(event) if self._prompts else None
        text = text or ended(event, self._language)
        if text:
            screen.note(text)

    def say(self, text: str) -> None:
        """The line as it is."""
        screen.note(text)

    def pause(self) -> None:
        return

    def done(self, result: WorkflowResult) -> None:
        return

    def close(self) -> None:
        return


def progress(*, quiet: bool, verbose: bool, language: str = "en") -> Progress:
    """The progress that suits stderr, in the language of the question."""
    if quiet:
        return Silence()
    if not screen.is_terminal(sys.stderr):
        return PlainProgress(prompts=verbose, language=language)
    from rich.console import Console

    from mm_orch.cli.live_progress import LiveProgress

    return LiveProgress(Console(stderr=True), prompts=verbose, language=language)
