"""Where and in which language to search: by the question, or by ``search.region`` in any common spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from mm_orch.language.script import is_traditional
from mm_orch.records.search import SearchQuery

_CODE = re.compile(r"[a-z]{2,4}(-[a-z]{2,4}){0,2}", re.IGNORECASE)
_ANYWHERE = "wt"  # ddgs' word for no country in particular
_LANGUAGE_OF = {"cn": "zh", "tw": "zh", "hk": "zh", "us": "en", "uk": "en", "gb": "en"}
_TRADITIONAL = {"tw", "hk", "mo", "tzh", "hant"}


@dataclass(frozen=True, slots=True)
class Region:
    """``country`` and ``language`` in two small letters, ``""`` for any; ``traditional`` is Chinese script."""

    country: str
    language: str
    traditional: bool = False

    @classmethod
    def of(cls, query: SearchQuery, configured: str | None) -> Self:
        """``configured`` (``search.region``) when it is set, else what the question is written in.

        Chinese in traditional characters is taken for Taiwan's, in others for the mainland's.
        """
        if configured:
            return cls.read(configured)
        if query.language != "zh":
            return cls("", query.language)
        return cls("tw", "zh", True) if is_traditional(query.text) else cls("cn", "zh")

    @classmethod
    def read(cls, code: str) -> Self:
        """A code such as ``cn-zh``, ``zh-CN``, ``hk-tzh``, ``zh-Hant``, ``us-en``, ``en``; ``wt-wt`` is anywhere.

        What is no such code is anywhere in any language.
        """
        code = code.strip().replace("_", "-")
        parts = code.lower().split("-") if _CODE.fullmatch(code) else [_ANYWHERE]
        if parts[0] == _ANYWHERE:
            return cls("", "")
        traditional = not _TRADITIONAL.isdisjoint(parts)
        if parts[0] in ("zh", "en") or (len(parts) > 1 and code.split("-")[-1].isupper()):
            return cls(next((part for part in parts[1:] if len(part) == 2), ""), parts[0], traditional)
        if len(parts) > 1:  # ddgs' order: the country first; tzh is its Chinese in traditional characters
            return cls(parts[0], parts[1].removeprefix("t") if traditional else parts[1], traditional)
        return cls(parts[0], _LANGUAGE_OF.get(parts[0], ""), traditional)

    @property
    def tag(self) -> str:
        """The standard form, ``zh-CN`` or ``en``; ``""`` for any language."""
        if self.language == "zh" and not self.country:
            return "zh-TW" if self.traditional else "zh-CN"
        return f"{self.language}-{self.country.upper()}" if self.language and self.country else self.language
