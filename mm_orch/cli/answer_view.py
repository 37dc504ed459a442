"""An answer on stdout, as it is written or at its end, with its numbered sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mm_orch.cli import screen
from mm_orch.cli.progress import Progress
from mm_orch.language.detection import detect
from mm_orch.records.event import QueryEvent, RunFinished, RunStarted, StepFinished, StepText
from mm_orch.records.source import Source
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.words import say

QUOTE_LENGTH = 160


class AnswerView:
    """Follows one run. ``run`` is the run's first event once it came, ``written`` what is on stdout by now."""

    def __init__(self, progress: Progress, *, stream: bool, printed: bool = True) -> None:
        self._progress, self._stream, self._printed = progress, stream and printed, printed
        self.run: RunStarted | None = None
        self.written = ""
        self._in_line = False

    def follow(self, events: Iterator[QueryEvent]) -> WorkflowResult:
        """Show the run to its end. Raises what it raises, with the line on stdout ended."""
        try:
            for event in events:
                if isinstance(event, StepFinished):
                    self._end_line()
                self._progress.tell(event)
                if isinstance(event, RunStarted):
                    self.run = event
                elif isinstance(event, StepText) and self._stream:
                    self._write(event.text)
                elif isinstance(event, RunFinished):
                    self._progress.pause()
                    self._finish(event.result)
                    self._progress.done(event.result)
                    return event.result
        except BaseException as error:
            if not isinstance(error, screen.OutputClosed):
                self._end_line()
            raise
        finally:
            self._progress.close()
        raise AssertionError("a run ends with a result or an error")

    def _write(self, text: str) -> None:
        self._progress.pause()
        screen.out(text, end="")
        self.written += text
        self._in_line = True

    def _end_line(self) -> None:
        """What is told of a step goes below its text, not after it."""
        if self._in_line:
            screen.out("")
        self._in_line = False

    def _finish(self, result: WorkflowResult) -> None:
        if not self._printed:
            return
        if self._in_line and result.answer.startswith(self.written):
            self._write(result.answer[len(self.written) :])
        self._end_line()
        if not self.written:
            screen.out(result.answer)
        elif result.answer.strip() != self.written.strip():
            screen.out(f"\n{result.answer}")
        if result.sources:
            screen.out("")
            print_sources(result.sources, detect(result.answer))


def sources_text(sources: Sequence[Source], language: str) -> str:
    """The numbered list of sources under its heading, each with the words it was used for."""
    return "\n".join([say("run.sources", language), *(line for source in sources for line in _lines(source))])


def print_sources(sources: Sequence[Source], language: str) -> None:
    """``sources_text`` on stdout, the quotes dim on a terminal."""
    screen.out(say("run.sources", language))
    for source in sources:
        named, *quote = _lines(source)
        screen.out(named)
        for line in quote:
            screen.out_dim(line)


def _lines(source: Source) -> list[str]:
    named = f"[{source.id}] {source.title}\n    {source.url}"
    quote = " ".join((source.quote or "").split())
    shown = quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1].rstrip() + "…"
    return [named, f"    “{shown}”"] if quote else [named]
