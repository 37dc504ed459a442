"""Which command a line of words means: a first word that is a command is the command, all else is a question."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping

from mm_orch.errors import UnknownName

ASK = "ask"
# Flags that make what follows a name or a conversation, never a command.
_ASK_FLAGS = {"--model-info", "--mode", "-p", "--prompt"}
_TOP_FLAGS = {"--version", "--help", "-h"}


def arrange(
    words: list[str], commands: Container[str], takes_value: Mapping[str, bool], *, piped: bool
) -> list[str]:
    """``words`` with the command in first place.

    ``takes_value`` tells for each option of ask whether a value follows it. Options before a command go behind it.
    Without a word, ``piped`` tells whether a question comes by stdin; if not, the answer is the help.
    """
    before, first = _split(words, takes_value)
    if first is None or any(word.partition("=")[0] in _ASK_FLAGS for word in before):
        if before and before[0] in _TOP_FLAGS:
            return before[:1]
        return [ASK, *words] if words or piped else ["--help"]
    rest = words[len(before) + 1 :]
    if first == "--" or first not in commands:
        return [ASK, *words]
    return [first, *before, *rest]


def subcommand_first(words: list[str], subcommands: Collection[str]) -> list[str]:
    """``words`` of a command with the first that is one of its ``subcommands`` right behind it.

    Without any word it is the command's help. Raises ``UnknownName``.
    """
    command, *rest = words
    at = next((place for place, word in enumerate(rest) if word in subcommands), None)
    if at is not None:
        return [command, rest[at], *rest[:at], *rest[at + 1 :]]
    if rest and not rest[0].startswith("-"):
        raise UnknownName("command_of", rest[0], subcommands, command=command)
    return [command, "--help"]


def readable(text: str) -> str:
    """``text`` without lone surrogates, which nothing can store or send.

    They stand for the bytes of an argument that the locale could not decode: as UTF-8 they may still be text.
    """
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")


def _split(words: list[str], takes_value: Mapping[str, bool]) -> tuple[list[str], str | None]:
    """The options and their values before the first word, and that word (or ``--``)."""
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--" or not word.startswith("-") or word == "-":
            return words[:at], word
        at += 2 if takes_value.get(word, False) else 1
    return words, None
