"""Puts values together as readable Markdown. Asks nobody; its words come from the workflow file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.nodes.base import Node, Section, Values
from mm_orch.nodes.control import is_empty
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.wording import worded

Words = Mapping[Literal["en", "zh"], str]


class Part(Section):
    """The value behind the key ``reads``, under a ``heading``.

    In a list of structures, ``title`` names the field that heads each element, and ``labels`` the words before
    its other fields; without a title the elements are numbered.
    """

    reads: str
    heading: Words = Field({})
    title: str | None = None
    labels: Mapping[str, Words] = Field({})


class ComposeNode(Node):
    """Puts values together as Markdown: text as it is, a list numbered, structures field by field."""

    outputs: ClassVar[tuple[str, ...]] = ("text",)

    kind: Literal["compose"]
    level: int = 2
    parts: tuple[Part, ...]

    def keys_read(self) -> dict[str, str]:
        return super().keys_read() | {f"parts[{at}].reads": part.reads for at, part in enumerate(self.parts)}

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        blocks: list[str] = []
        for part in self.parts:
            value = state.get(part.reads)
            if is_empty(value):
                continue
            heading = _in(part.heading, run.language)
            blocks += [f"{'#' * self.level} {heading}"] if heading else []
            blocks.append(_markdown(value, part, run.language, self.level + bool(heading)))
        return {"text": "\n\n".join(blocks)}


def _in(words: Words, language: str) -> str:
    return words.get("zh" if language == "zh" else "en") or next(iter(words.values()), "")


def _markdown(value: Any, part: Part, language: str, level: int) -> str:
    if not isinstance(value, (list, tuple)):
        return worded(value)
    if not any(isinstance(item, Mapping) for item in value):
        return "\n".join(f"{number}. {worded(item)}" for number, item in enumerate(value, 1))
    return "\n\n".join(_structure(item, number, part, language, level) for number, item in enumerate(value, 1))


def _structure(item: Any, number: int, part: Part, language: str, level: int) -> str:
    if not isinstance(item, Mapping):
        return worded(item)
    lines = [
        _labelled(_in(part.labels.get(name, {}), language), worded(field), language)
        for name, field in item.items()
        if name != part.title and not is_empty(field)
    ]
    head = f"{'#' * level} {worded(item.get(part.title))}" if part.title else ""
    if head:
        return "\n\n".join([head, *lines])
    return "\n\n".join([f"{number}. {lines[0]}" if lines else f"{number}.", *(f"   {line}" for line in lines[1:])])


def _labelled(label: str, text: str, language: str) -> str:
    if not label:
        return text
    return f"**{label}：**{text}" if language == "zh" else f"**{label}:** {text}"
