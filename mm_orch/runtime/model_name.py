"""How a model may be named: a file, ``user/repo[:QUANT]`` of a hub, or a plain word for the catalogue.

``huggingface_hub`` checks a ``user/repo`` alone, and is not imported for names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPOSITORY = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(?::(?P<tag>[^:]+))?", re.ASCII)
_DOTS = re.compile(r"\.\.|--|[.-](?:/|$)|/[.-]")


@dataclass(frozen=True, slots=True)
class RepositoryName:
    """``tag`` is what stood after the colon: a quantization such as ``Q4_K_M``, or a file name."""

    repo: str
    tag: str | None = None

    @property
    def filename(self) -> str | None:
        """The tag, where it names a file."""
        return self.tag if self.tag and (self.tag.lower().endswith(".gguf") or "*" in self.tag) else None

    @property
    def quantization(self) -> str | None:
        """The tag, where it names a quantization."""
        return self.tag if self.tag and self.filename is None else None


def is_path(name: str) -> bool:
    """Whether ``name`` is written as a file rather than as a repository or a catalogue entry."""
    return name.startswith(("/", "./", "../", "~", ".\\", "..\\")) or (
        name.lower().endswith(".gguf") and ":" not in name[2:]
    )


def repository(name: str) -> RepositoryName | None:
    """``name`` as ``user/repo[:QUANT]``; None where it is not written so."""
    match = _REPOSITORY.fullmatch(name)
    if match is None or _DOTS.search(match["repo"]) or is_path(name):
        return None
    return RepositoryName(match["repo"], match["tag"])
