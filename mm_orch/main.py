"""The program: which command the words mean, run it, and turn how it ended into an exit code."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from mm_orch import privacy
from mm_orch.cli import failure, screen
from mm_orch.errors import Interrupted, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Set the process up, run MuAI with these arguments (default: the process's own), return the exit code."""
    # Starting makes no garbage, and looking for it costs a tenth of the time; on again when a run begins.
    gc.disable()
    privacy.keep_private()
    screen.use_utf8()
    _end_when_told()
    words = list(sys.argv[1:] if arguments is None else arguments)
    _log(verbose="--verbose" in _options(words))
    return run(words)


def run(words: list[str]) -> int:
    """Run MuAI in this process as it is.

    Returns 0: an answer, or stdout was closed; 1: it failed; 2: wrong use or configuration; 130: interrupted.
    """
    options = _options(words)
    screen.choose_language(options)
    try:
        try:
            return _run(words)
        except (screen.OutputClosed, BrokenPipeError):
            raise
        except (KeyboardInterrupt, Exception) as error:
            return failure.report(_named(error), as_json="--json" in options, verbose="--verbose" in options)
    except (screen.OutputClosed, BrokenPipeError):
        screen.silence_stdout()
        return 0


def _run(words: list[str]) -> int:
    from mm_orch.cli import commands

    return commands.run(words, piped=not screen.is_terminal(sys.stdin))


def _options(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


def _named(error: BaseException) -> BaseException:
    """Ctrl-C and the complaints of the command line's parser as ours; any other error as it is."""
    if isinstance(error, KeyboardInterrupt):
        return Interrupted("interrupted").with_traceback(error.__traceback__)
    import typer

    if isinstance(error, typer.TyperException):
        wrong = UsageError("wrong_use", text=error.format_message().rstrip("."))
        return wrong.with_traceback(error.__traceback__)
    return error


def _end_when_told() -> None:
    """Being asked to end unwinds everything, so that what was said is kept and no child is left."""

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


def _log(*, verbose: bool) -> None:
    """MuAI's log on stderr with ``verbose``, else nowhere: what people must know reaches them by other ways."""
    logger = logging.getLogger("mm_orch")
    handler = logging.StreamHandler() if verbose else logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
