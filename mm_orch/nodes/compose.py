"""Puts values together as readable Markdown. Asks nobody; its words come from the workflow file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.guards import is_empty
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun

Words = Mapping[Literal["en", "zh"], str]
_GAP = "\n\n"


class Part(Section):
    """The value behind the key ``reads``, under a ``heading``.

    A list is numbered, or each element headed by the one of the list behind ``titles``. ``labels`` are the words
    before the fields of structures.
    """

    reads: str
    heading: Words = Field({})
    titles: str | None = None
    labels: Mapping[str, Words] = Field({})


class ComposeNode(Node):
    """Puts values together as Markdown: text as it is, a list numbered, structures field by field."""

    outputs: ClassVar[tuple[str, ...]] = ("text",)

    kind: Literal["compose"]
    level: int = 2
    parts: tuple[Part, ...] = Field(min_length=1, strict=False)

    def keys_read(self) -> dict[str, str]:
        named = {f"parts[{at}].reads": part.reads for at, part in enumerate(self.parts)}
        titles = {f"parts[{at}].titles": part.titles for at, part in enumerate(self.parts) if part.titles}
        return super().keys_read() | named | titles

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        blocks: list[str] = []
        for part in self.parts:
            value = state.get(part.reads)
            if is_empty(value):
                continue
            heading = _in(part.heading, run.language)
            blocks += [f"{'#' * self.level} {heading}"] if heading else []
            titles = [as_text(title) for title in state.get(part.titles or "") or ()]
            blocks += _blocks(value, part, titles, run.language, self.level + bool(heading))
        return {"text": _GAP.join(blocks)}


def _in(words: Words, language: str) -> str:
    return words.get("zh" if language == "zh" else "en") or next(iter(words.values()), "")


def _blocks(value: Any, part: Part, titles: list[str], language: str, level: int) -> list[str]:
    if not isinstance(value, (list, tuple)):
        return [as_text(value)]
    texts = [_element(item, part, language) for item in value]
    if titles:
        return [f"{_head(titles, at, level)}{text}" for at, text in enumerate(texts)]
    numbered = [f"{number}. {text.replace(_GAP, _GAP + '   ')}" for number, text in enumerate(texts, 1)]
    return numbered if any(isinstance(item, Mapping) for item in value) else ["\n".join(numbered)]


def _head(titles: list[str], at: int, level: int) -> str:
    return f"{'#' * level} {titles[at]}{_GAP}" if at < len(titles) else ""


def _element(item: Any, part: Part, language: str) -> str:
    if not isinstance(item, Mapping):
        return as_text(item)
    named = [(_in(part.labels.get(name, {}), language), as_text(field)) for name, field in item.items()]
    return _GAP.join(_labelled(label, text, language) for label, text in named if text.strip())


def _labelled(label: str, text: str, language: str) -> str:
    if not label:
        return text
    return f"**{label}：** {text}" if language == "zh" else f"**{label}:** {text}"
