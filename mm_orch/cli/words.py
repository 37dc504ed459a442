"""Which command a line of words means: a first word that is a command is the command, all else is a question."""

from __future__ import annotations

from collections.abc import Collection, Mapping

ASK = "ask"
# Flags that make what follows a name or a conversation, never a command.
_ASK_FLAGS = {"--model-info", "--mode", "-p", "--prompt"}
_TOP_FLAGS = {"--version", "--help", "-h"}


def arrange(
    words: list[str], commands: Mapping[str, Collection[str]], takes_value: Mapping[str, bool], *, piped: bool
) -> list[str]:
    """``words`` with the command in first place.

    ``commands`` maps each to its sub-commands (none: empty), ``takes_value`` each option of ask to whether a value
    follows it. Options before a command go behind it. Without a word, ``piped`` tells whether a question comes by
    stdin; if not, the answer is the help.
    """
    before, first = _split(words, takes_value)
    if first is None or any(word.partition("=")[0] in _ASK_FLAGS for word in before):
        if before and before[0] in _TOP_FLAGS:
            return before[:1]
        return [ASK, *words] if words or piped else ["--help"]
    rest = words[len(before) + 1 :]
    if first == "--" or first not in commands:
        return [ASK, *words]
    if rest and rest[0] in commands[first]:
        return [first, rest[0], *before, *rest[1:]]
    return [first, *before, *rest]


def _split(words: list[str], takes_value: Mapping[str, bool]) -> tuple[list[str], str | None]:
    """The options and their values before the first word, and that word (or ``--``)."""
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--" or not word.startswith("-") or word == "-":
            return words[:at], word
        at += 2 if takes_value.get(word, False) else 1
    return words, None
