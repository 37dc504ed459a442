"""What a workflow may be given: text, a choice, a number, messages, a language; checked, with defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from mm_orch.errors import InvalidInput
from mm_orch.language import numerals
from mm_orch.nodes.base import Section
from mm_orch.records.message import Message
from mm_orch.words import nearest
from mm_orch.workflows import word_search
from mm_orch.workflows.word_search import Words

Found = tuple[Any, tuple[int, int]]
_ROLES = ("system", "user", "assistant")


class Input(Section):
    """One input; ``description`` tells people what it is for."""

    type: str
    description: Mapping[Literal["en", "zh"], str] = Field({})

    def value(self, name: str, given: Any) -> Any:
        """``given`` as the workflow's steps will see it. Raises ``InvalidInput`` naming the input."""
        raise NotImplementedError

    def missing(self, name: str) -> Any:
        """The value when none is given. Raises ``InvalidInput`` where there must be one."""
        raise InvalidInput(f"input {name!r} is missing")

    def found(self, query: str) -> Found | None:
        """The value that words in ``query`` ask for, and where they stand."""
        return None


class TextInput(Input):
    """Text of at most ``max_chars`` characters; without ``default`` it must be given, and not be blank."""

    type: Literal["text"]
    default: str | None = None
    max_chars: int = Field(20_000, ge=1)

    def value(self, name: str, given: Any) -> Any:
        if not isinstance(given, str):
            raise InvalidInput(f"input {name!r} is {given!r:.60}", hint="It should be text")
        if len(given) > self.max_chars:
            raise InvalidInput(
                f"input {name!r} has {len(given)} characters; at most {self.max_chars} are allowed",
                hint="Shorten it",
            )
        if not given.strip():
            return self.missing(name)
        return given.strip()

    def missing(self, name: str) -> Any:
        if self.default is None:
            raise InvalidInput(f"input {name!r} is empty", hint="Write something")
        return self.default


class ChoiceInput(Input):
    """One of ``choices``, each with the words that mean it; the first word of a language is its label there."""

    type: Literal["choice"]
    choices: Mapping[str, Words] = Field(min_length=1)
    default: str

    @model_validator(mode="after")
    def _default_is_a_choice(self) -> ChoiceInput:
        if self.default not in self.choices:
            raise ValueError(f"default {self.default!r} is not among the choices: {', '.join(self.choices)}")
        return self

    def value(self, name: str, given: Any) -> Any:
        asked = str(given).strip().casefold()
        for choice, words in self.choices.items():
            if asked == choice.casefold() or asked in (word.casefold() for word in word_search.all_of(words)):
                return choice
        raise InvalidInput(f"input {name!r} is {given!r:.60}", hint=nearest(str(given), list(self.choices)))

    def missing(self, name: str) -> Any:
        return self.default

    def found(self, query: str) -> Found | None:
        return _first_found(self.choices, query)

    def label(self, choice: str, language: str) -> str:
        """What a choice is called in a language."""
        words = self.choices[choice].get("zh" if language == "zh" else "en") or [choice]
        return words[0]


class NumberInput(Input):
    """A whole number from ``least`` to ``most``; in a query it stands before one of ``units``."""

    type: Literal["number"]
    default: int
    least: int = 0
    most: int = 1_000_000
    units: Words = Field({})

    @model_validator(mode="after")
    def _default_in_range(self) -> NumberInput:
        if not self.least <= self.default <= self.most:
            raise ValueError(f"default {self.default} is not from {self.least} to {self.most}")
        return self

    def value(self, name: str, given: Any) -> Any:
        read = numerals.number(given) if isinstance(given, str) else given
        if isinstance(read, float) and read.is_integer():
            read = int(read)
        if isinstance(read, bool) or not isinstance(read, int) or not self.least <= read <= self.most:
            hint = f"Give a whole number from {self.least} to {self.most}"
            raise InvalidInput(f"input {name!r} is {given!r:.60}", hint=hint)
        return read

    def missing(self, name: str) -> Any:
        return self.default

    def found(self, query: str) -> Found | None:
        for unit in word_search.all_of(self.units):
            # One more word may stand between: "five short exercises".
            between = r"(?:\s+[a-z]+)?\s+" if unit[0].isascii() else r"\s*"
            pattern = rf"({numerals.PATTERN}){between}{word_search.expression([unit])}"
            match = re.search(pattern, query, re.IGNORECASE)
            if match:
                return numerals.number(match[1]), match.span()
        return None


class LanguageInput(Input):
    """``auto``, ``zh`` or ``en``; ``words`` are those in a query that ask for a language."""

    type: Literal["language"]
    words: Mapping[Literal["en", "zh"], Words] = Field({})

    def value(self, name: str, given: Any) -> Any:
        if given not in LANGUAGES:
            raise InvalidInput(f"input {name!r} is {given!r:.60}", hint=nearest(str(given), LANGUAGES))
        return given

    def missing(self, name: str) -> Any:
        return "auto"

    def found(self, query: str) -> Found | None:
        return _first_found(self.words, query)


class MessagesInput(Input):
    """Earlier turns of a conversation: ``Message`` records or ``{"role": …, "content": …}``; none by default."""

    type: Literal["messages"]

    def value(self, name: str, given: Any) -> Any:
        if not isinstance(given, (list, tuple)):
            raise InvalidInput(f"input {name!r} is {given!r:.60}", hint="It should be a list of messages")
        return [_message(name, turn) for turn in given]

    def missing(self, name: str) -> Any:
        return []


LANGUAGES = ("auto", "zh", "en")
KINDS: dict[str, type[Input]] = {
    "text": TextInput,
    "choice": ChoiceInput,
    "number": NumberInput,
    "language": LanguageInput,
    "messages": MessagesInput,
}


def _first_found(choices: Mapping[Any, Words], query: str) -> Found | None:
    """The choice whose words stand first; of those that begin there, the one with the longest."""
    matches = ((choice, word_search.find(words, query)) for choice, words in choices.items())
    found = [(choice, match.span()) for choice, match in matches if match]
    return min(found, key=lambda each: (each[1][0], -each[1][1]), default=None)


def _message(name: str, turn: Any) -> Message:
    if isinstance(turn, Message):
        return turn
    role, content = (turn.get("role"), turn.get("content")) if isinstance(turn, Mapping) else (None, None)
    if role not in _ROLES or not isinstance(content, str):
        hint = f"A message has a role ({', '.join(_ROLES)}) and a content that is text"
        raise InvalidInput(f"input {name!r} holds {turn!r:.60}", hint=hint)
    return Message(role, content)
