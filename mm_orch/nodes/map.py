"""One request for each element of a list, or for each number up to a count, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from mm_orch.nodes.asking import AskingNode
from mm_orch.nodes.base import Values
from mm_orch.nodes.prompt_values import as_text
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_structures, write_texts_twice

_MOST = 100


class MapNode(AskingNode):
    """Asks for each element of ``over``, once more for a blank one; as many results as elements, whatever comes.

    ``over`` names a list or a whole number (then 1, 2 … are the elements); the prompt gets the element as the
    variable ``item``. ``cycle`` gives further variables the elements of other lists in turn. With a schema each
    result is a structure, without one a text.
    """

    outputs: ClassVar[tuple[str, ...]] = ("items",)

    kind: Literal["map"]
    over: str
    item: str = Field("item", pattern=r"^[a-z][a-z0-9_]*$")
    cycle: dict[str, str] = Field({})

    def variables_given(self) -> set[str]:
        return super().variables_given() | {self.item, *self.cycle}

    def keys_read(self) -> dict[str, str]:
        cycled = {f"cycle.{name}": key for name, key in self.cycle.items()}
        return super().keys_read() | {"over": self.over} | cycled

    async def run(self, state: Values, run: StepRun) -> dict[str, Any]:
        elements = _elements(state.get(self.over))
        if len(elements) > _MOST:
            run.degrade("too_many_elements", step=self.id, most=_MOST, count=len(elements), name=self.over)
            elements = elements[:_MOST]
        prompt, shared = self.wording(run), self.values(state, run)
        schema = prompt.schema(run.language)
        values = [
            {**shared, **self._cycled(state, at), self.item: as_text(element)}
            for at, element in enumerate(elements)
        ]
        requests = await self.requests(run, prompt, values, await self.config(run, schema))
        run.progress(self.writes["items"], 0, len(requests))
        if schema is not None:
            written: list[Any] = await write_structures(run, requests, schema)
        else:
            written = list(await write_texts_twice(run, requests))
        run.progress(self.writes["items"], len(requests), len(requests))
        return {"items": written}

    def _cycled(self, state: Values, at: int) -> dict[str, str]:
        lists = {name: _elements(state.get(key)) for name, key in self.cycle.items()}
        return {name: as_text(values[at % len(values)]) if values else "" for name, values in lists.items()}


def _elements(value: Any) -> Sequence[Any]:
    if isinstance(value, int):
        return range(1, value + 1)
    if isinstance(value, (list, tuple)):
        return value
    return [value] if value else []
