"""The program: which command the words mean, run it, and turn how it ended into an exit code."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from mm_orch import privacy
from mm_orch.cli import failure, screen
from mm_orch.errors import Interrupted, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run MuAI with these arguments (default: the process's own) and return the exit code.

    0: an answer, or stdout was closed; 1: it failed; 2: wrong use or configuration; 130: interrupted.
    """
    # Starting makes no garbage, and looking for it costs a tenth of the time; on again when a run begins.
    gc.disable()
    try:
        return _ended(list(sys.argv[1:] if arguments is None else arguments))
    finally:
        gc.enable()


def _ended(words: list[str]) -> int:
    privacy.keep_private()
    screen.use_utf8()
    _end_on_sigterm()
    asked = words[: words.index("--")] if "--" in words else words
    as_json, verbose = "--json" in asked, "--verbose" in asked
    try:
        try:
            return _run(words)
        except KeyboardInterrupt as error:
            return failure.report(_interrupted(error), as_json=as_json, verbose=verbose)
        except (screen.OutputClosed, BrokenPipeError):
            raise
        except Exception as error:
            return failure.report(_wrong_use(error), as_json=as_json, verbose=verbose)
    except (screen.OutputClosed, BrokenPipeError):
        screen.silence_stdout()
        return 0


def _run(words: list[str]) -> int:
    from mm_orch.cli import commands

    return commands.run(words, piped=not screen.is_terminal(sys.stdin))


def _wrong_use(error: Exception) -> Exception:
    """The command line parser's complaints as ours; any other error as it is."""
    import typer

    if isinstance(error, typer.TyperException):
        wrong = UsageError(error.format_message().rstrip("."), hint="See muai --help")
        return wrong.with_traceback(error.__traceback__)
    return error


def _interrupted(error: KeyboardInterrupt) -> Interrupted:
    return Interrupted("interrupted").with_traceback(error.__traceback__)


def _end_on_sigterm() -> None:
    """Being asked to end unwinds everything, so that what was said is kept and no child is left."""

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, end)
    signal.signal(signal.SIGTERM, end)


if __name__ == "__main__":
    sys.exit(main())
