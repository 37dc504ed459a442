"""A workflow file, read and checked before anything runs. What it means at run time is the compiler's matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator

from mm_orch import validation, yaml_file
from mm_orch.errors import DefinitionError, InvalidInput
from mm_orch.language.detection import detect
from mm_orch.nodes import KINDS
from mm_orch.nodes.base import Node, Section
from mm_orch.prompts import PromptLibrary
from mm_orch.records.route import Destination
from mm_orch.words import nearest
from mm_orch.workflows import inputs as input_kinds
from mm_orch.workflows import request, routing_files, wiring, word_search
from mm_orch.workflows.inputs import ChoiceInput, Input, LanguageInput
from mm_orch.workflows.request import RequestWords
from mm_orch.workflows.routing_files import Routing
from mm_orch.workflows.wiring import Models

Texts = Mapping[str, str]
_Texts = Mapping[Literal["en", "zh"], str]
_Kind = TypeVar("_Kind")
_Model = TypeVar("_Model", bound=BaseModel)
_LANGUAGE = LanguageInput(type="language")


class Output(Section):
    """State keys of what comes out: the ``answer``, its ``sources``, and structured ``data`` by name.

    ``artefacts`` are records by name; ``support`` and ``ledger`` may also stand outside of them.
    """

    answer: str
    sources: str | None = None
    support: str | None = None
    ledger: str | None = None
    data: dict[str, str] = Field({})
    artefacts: dict[str, str] = Field({})

    def records(self) -> dict[str, str]:
        """The state keys of all artefacts by name."""
        outside = {"support": self.support, "ledger": self.ledger}
        return {name: key for name, key in outside.items() if key} | self.artefacts


class _File(Section):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: _Texts = Field({})
    description: _Texts = Field({})
    inputs: dict[str, dict[str, Any]] = Field(min_length=1)
    query_input: str
    request_words: RequestWords = RequestWords()
    routing: Routing | None = None
    steps: list[dict[str, Any]] = Field(min_length=1)
    output: Output

    @field_validator("title", "description", mode="before")
    @classmethod
    def _one_language(cls, value: Any) -> Any:
        return {"en": value, "zh": value} if isinstance(value, str) else value


@dataclass(frozen=True)
class Definition:
    """One workflow: its inputs, its steps in order, what comes out. ``path`` is the file it came from.

    ``notes`` say what still works and is better written otherwise.
    """

    name: str
    title: Texts
    description: Texts
    inputs: Mapping[str, Input]
    query_input: str
    steps: tuple[Node, ...]
    output: Output
    routing: Routing = field(default_factory=Routing)
    request_words: RequestWords = field(default_factory=RequestWords)
    path: Path = Path()
    notes: tuple[str, ...] = ()

    @property
    def destination(self) -> Destination:
        """The workflow as the router sees it."""
        return Destination(
            self.name,
            dict(self.description),
            word_search.all_of(self.routing.hints),
            {str(language): tuple(queries) for language, queries in self.routing.examples.items()},
        )

    @property
    def needs_web(self) -> bool:
        """Whether a step searches or reads pages."""
        return any(step.kind in ("research", "search", "fetch") for step in self.steps)

    def inputs_from_query(self, query: str, explicit: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Inputs for a query: ``explicit`` ones win over those that words of the query set, these over defaults.

        Raises ``InvalidInput`` naming the input.
        """
        found, marked = request.values_in(query, self.inputs)
        given = found | dict(explicit or {})
        if self.query_input not in given:
            given[self.query_input] = self._subject(marked) or query
        return self.inputs_from(given, detect(query))

    def _subject(self, marked: str) -> str:
        """Where nothing says which words are only the request, all are meant, to the last full stop."""
        return request.subject(marked, self.request_words) if self.request_words != RequestWords() else ""

    def inputs_from(self, given: Mapping[str, Any], detected: str | None = None) -> dict[str, Any]:
        """Inputs checked and completed, ``language`` settled as ``"zh"`` or ``"en"``, a label for each choice.

        ``language`` ``"auto"`` is ``detected``, or the language of the query input. Raises ``InvalidInput``.
        """
        declared = {"language": _LANGUAGE, **self.inputs}
        for name in given:
            if name not in declared:
                hint = nearest(name, list(declared))
                raise InvalidInput(f"workflow {self.name!r} has no input {name!r}", hint=hint)
        values = {
            name: kind.missing(name) if given.get(name) is None else kind.value(name, given[name])
            for name, kind in declared.items()
        }
        if values["language"] == "auto":
            values["language"] = detected or detect(values[self.query_input])
        for name, kind in self.inputs.items():
            if isinstance(kind, ChoiceInput):
                values[wiring.label_key(name)] = kind.label(values[name], values["language"])
        return values


def load_file(
    path: Path, prompts: PromptLibrary, models: Models | None = None, folders: Sequence[Path] = ()
) -> Definition:
    """One workflow file; ``models`` gives the names of models, unless they are not to be checked.

    Routing files are looked for beside it, or in ``folders``. Raises ``DefinitionError`` naming file, step and key.
    """
    definition = _parse(path, yaml_file.read(path, DefinitionError), folders or [path.parent])
    problem = next(wiring.problems(definition, prompts, models), None)
    if problem:
        raise DefinitionError(f"{path}: {problem}")
    return definition


def _parse(path: Path, document: dict[str, Any], folders: Sequence[Path]) -> Definition:
    file = _validated(_File, document, f"{path}:")
    routing, notes = _routing(path, file, folders)
    declared = dict(_inputs(path, file.inputs))
    steps = tuple(_step(path, at, raw) for at, raw in enumerate(file.steps, 1))
    return Definition(
        file.name,
        _texts(file.title or {"en": file.name, "zh": file.name}),
        _texts(file.description),
        declared,
        file.query_input,
        steps,
        file.output,
        routing,
        file.request_words,
        path,
        notes,
    )


def _routing(path: Path, file: _File, folders: Sequence[Path]) -> tuple[Routing, tuple[str, ...]]:
    """What the workflow is found by, from its routing files or, as before them, from the workflow file itself."""
    if file.routing is None:
        return routing_files.find(folders, file.name), ()
    places = [routing_files.path_of(path.parent, file.name, language) for language in routing_files.LANGUAGES]
    for place in places:
        if place.is_file():
            raise DefinitionError(f"{path}: routing: is also in {place}", hint="Keep the lines of one of them")
    note = f"routing: belongs into {' and '.join(map(str, places))} now; it works here too"
    return file.routing, (note,)


def _texts(texts: _Texts) -> Texts:
    return {str(language): text for language, text in texts.items()}


def _inputs(path: Path, raw_inputs: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, Input]]:
    for name, raw in raw_inputs.items():
        where = f"{path}: input {name!r}:"
        kind = _kind(raw.get("type", "text"), input_kinds.KINDS, where, "type")
        yield name, _validated(kind, {"type": "text", **raw}, where)


def _step(path: Path, number: int, raw: dict[str, Any]) -> Node:
    where = f"{path}: step {raw.get('id', number)!r}:"
    if "kind" not in raw:
        raise DefinitionError(f"{where} key 'kind' is missing", hint=f"Known: {', '.join(KINDS)}")
    return _validated(_kind(raw["kind"], KINDS, where, "kind"), raw, where)


def _kind(name: Any, kinds: Mapping[str, type[_Kind]], where: str, key: str) -> type[_Kind]:
    if not isinstance(name, str) or name not in kinds:
        hint = nearest(str(name), list(kinds))
        raise DefinitionError(f"{where} {key} is {name!r:.60}", hint=hint)
    return kinds[name]


def _validated(model: type[_Model], raw: dict[str, Any], where: str) -> _Model:
    # First of all: a key that is spelled wrongly is also one that is missing.
    for key in raw:
        if key not in model.model_fields:
            hint = nearest(str(key), list(model.model_fields))
            raise DefinitionError(f"{where} unknown key {key!r}", hint=hint)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise DefinitionError(f"{where} {validation.describe(error, model)[1]}") from error
