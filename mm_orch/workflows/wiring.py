"""Whether the steps of a workflow fit together: every key read was written, every prompt gets its variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mm_orch.nodes.asking import AskingNode
from mm_orch.nodes.base import Node
from mm_orch.prompts import PromptLibrary
from mm_orch.runtime.model_name import is_path, repository
from mm_orch.words import nearest
from mm_orch.workflows.inputs import ChoiceInput, Input, TextInput

if TYPE_CHECKING:
    from mm_orch.workflows.definition import Definition

Models = Callable[[], Iterable[str]]
RESERVED = ("language", "warnings", "usage", "steps", "degraded", "rounds")
"""State keys that the compiler fills; ``language`` may be an input."""


def label_key(name: str) -> str:
    """The key under which the label of the choice ``name`` is, in the run's language."""
    return f"{name}_label"


def input_keys(inputs: Mapping[str, Input]) -> set[str]:
    """The keys that are there before the first step."""
    labels = {label_key(name) for name, kind in inputs.items() if isinstance(kind, ChoiceInput)}
    return {"language", *inputs, *labels}


def problems(definition: Definition, prompts: PromptLibrary, models: Models | None = None) -> Iterator[str]:
    """What is wrong, as sentences without the file's name; nothing when all fits.

    ``models`` gives the names of models where a step names one; without it they are not checked.
    """
    yield from _inputs(definition)
    known = input_keys(definition.inputs)
    seen: list[str] = []
    for at, step in enumerate(definition.steps):
        for sentence in _step(step, seen, known, _led_back(definition.steps, at), prompts):
            yield f"step {step.id!r}: {sentence}"
        if models and isinstance(step, AskingNode) and step.model:
            yield from (f"step {step.id!r}: {sentence}" for sentence in _model(step.model, models()))
        seen.append(step.id)
        known |= set(step.writes.values())
    yield from _output(definition, known)


def _inputs(definition: Definition) -> Iterator[str]:
    for name in definition.inputs:
        if name in RESERVED[1:]:
            yield f"input {name!r} has a name that is reserved. Reserved: {', '.join(RESERVED)}"
    name = definition.query_input
    if name not in definition.inputs:
        yield f"query_input is {name!r}. {nearest(name, list(definition.inputs))}"
    elif not isinstance(definition.inputs[name], TextInput):
        yield f"query_input is {name!r}, which is no text input"


def _led_back(steps: Sequence[Node], at: int) -> set[str]:
    """Keys that a later round brings to the step: those of the rounds that it takes part in."""
    ids = [step.id for step in steps]
    loops = (
        steps[ids.index(step.repeat.back_to) : end]
        for end, step in enumerate(steps[at:], at + 1)
        if step.repeat and step.repeat.back_to in ids[: at + 1]
    )
    return {key for loop in loops for step in loop for key in step.writes.values()}


def _step(
    step: Node, seen: list[str], known: set[str], led_back: set[str], prompts: PromptLibrary
) -> Iterator[str]:
    if step.id in seen:
        yield f"id {step.id!r} is there twice"
    if step.id in RESERVED:
        yield f"id {step.id!r} is reserved"
    guarded = {"when": step.when.key} if step.when else {}
    later = {f"reads.{name}" for name in step.optional}
    for name, key in (step.keys_read() | guarded).items():
        if key not in known and not (name in later and key in led_back):
            yield f"{name} is {key!r}, which no input and no earlier step writes. {nearest(key, sorted(known))}"
    yield from _writes(step)
    yield from _repeat(step, seen, known)
    yield from _names(step, prompts)


def _writes(step: Node) -> Iterator[str]:
    for name, key in step.writes.items():
        if name not in step.outputs:
            yield f"writes has {name!r}. {nearest(name, step.outputs)}"
        if key in RESERVED:
            yield f"writes.{name} is {key!r}, which is reserved. Reserved: {', '.join(RESERVED)}"
        if not key.isidentifier():
            yield f"writes.{name} is {key!r}; a key has letters, digits and _ only"
    if step.outputs[0] not in step.writes:
        yield f"writes has no {step.outputs[0]!r}"


def _repeat(step: Node, seen: list[str], known: set[str]) -> Iterator[str]:
    if step.repeat is None:
        return
    targets = [*seen, step.id]
    if step.repeat.back_to not in targets:
        hint = nearest(step.repeat.back_to, targets)
        yield f"repeat.back_to is {step.repeat.back_to!r}, no step up to this one. {hint}"
    keys = known | set(step.writes.values())
    if step.repeat.until not in keys:
        yield f"repeat.until is {step.repeat.until!r}, which no step up to this one writes"


def _names(step: Node, prompts: PromptLibrary) -> Iterator[str]:
    for name in step.slots:
        if name not in step.reads:
            yield f"reads has no {name!r}, which the kind {step.kind!r} needs"
    for name, prompt_id in step.prompts_used().items():
        if prompt_id not in prompts.ids:
            yield f"{name} is {prompt_id!r}, which is no prompt. {nearest(prompt_id, prompts.ids)}"
    if isinstance(step, AskingNode):
        yield from _prompt(step, prompts)
        return
    used = (*step.slots, *step.optional)
    for name in step.reads:
        if name not in used:
            yield f"reads has {name!r}, which the kind {step.kind!r} does not use. {nearest(name, used)}"


def _prompt(step: AskingNode, prompts: PromptLibrary) -> Iterator[str]:
    if step.prompt not in prompts.ids:
        yield f"prompt is {step.prompt!r}, which does not exist. {nearest(step.prompt, prompts.ids)}"
        return
    wanted, given = prompts.get(step.prompt).variables, step.variables_given()
    for name in wanted:
        if name not in given:
            yield f"prompt {step.prompt!r} needs the variable {name!r}, which reads does not give"
    for name in sorted(given - set(wanted)):
        yield f"reads gives {name!r}, which prompt {step.prompt!r} does not use. {nearest(name, wanted)}"
    if step.fit is not None and step.fit not in wanted:
        yield f"fit is {step.fit!r}, no variable of prompt {step.prompt!r}. {nearest(step.fit, wanted)}"


def _model(name: str, known: Iterable[str]) -> Iterator[str]:
    if name not in known and not is_path(name) and not repository(name):
        yield f"model is {name!r}, which is no model. {nearest(name, sorted(known))}"


def _output(definition: Definition, known: set[str]) -> Iterator[str]:
    output = definition.output
    named = {"answer": output.answer, **{f"data.{name}": key for name, key in output.data.items()}}
    named |= {"sources": output.sources} if output.sources else {}
    named |= output.records()
    for name, key in named.items():
        if key not in known:
            yield f"output: {name} is {key!r}, which nobody writes. {nearest(key, sorted(known))}"
