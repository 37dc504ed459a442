"""The two words of control that a workflow file has: a guard and a bounded repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

_GUARD = re.compile(r"(?P<key>[a-z][a-z0-9_]*) is (?P<negated>not )?empty")


class Guard(BaseModel):
    """``KEY is not empty`` or ``KEY is empty``; a key that nothing wrote is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    empty: bool

    @classmethod
    def parse(cls, text: str) -> Guard:
        """Raises ``ValueError`` for anything but the two forms."""
        match = _GUARD.fullmatch(" ".join(text.split()))
        if match is None:
            raise ValueError("it should read 'KEY is not empty' or 'KEY is empty'")
        return cls(key=match["key"], empty=match["negated"] is None)

    def holds(self, state: Mapping[str, Any]) -> bool:
        """Whether it is so in ``state``."""
        return is_empty(state.get(self.key)) == self.empty

    def negated(self) -> Guard:
        """The guard that holds where this one does not."""
        return Guard(key=self.key, empty=not self.empty)

    def __str__(self) -> str:
        return f"{self.key} is {'' if self.empty else 'not '}empty"


class Repeat(BaseModel):
    """Lead back to the step ``back_to``, at most ``at_most`` times in a run, while the key ``until`` is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    back_to: str
    at_most: int = Field(ge=1, le=20)
    until: str

    @field_validator("until")
    @classmethod
    def _key(cls, value: str) -> str:
        key, _, rest = value.partition(" ")
        if rest and rest != "is not empty":
            raise ValueError("it should read 'KEY is not empty'")
        return key

    @property
    def guard(self) -> Guard:
        """Holds while another round is wanted."""
        return Guard(key=self.until, empty=True)


def is_empty(value: Any) -> bool:
    """None, blank text and anything without elements. Numbers are never empty."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (hasattr(value, "__len__") and len(value) == 0)
