"""The words that are sent to a model: one JSON file a prompt, checked when loaded, overridable by id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mm_orch import validation
from mm_orch.errors import PromptError, UnknownName
from mm_orch.records.message import Message
from mm_orch.words import nearest

LANGUAGES = ("en", "zh")
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Example(BaseModel):
    """One exchange shown to the model before the question; literal text, nothing is put in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str = Field(min_length=1)
    assistant: str = Field(min_length=1)


class Wording(BaseModel):
    """A prompt in one language. ``{name}`` in ``system`` and ``user`` marks where a variable's value goes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    system: str = ""
    user: str = Field(min_length=1)
    examples: tuple[Example, ...] = ()
    output_schema: dict[str, Any] | None = Field(None, alias="schema")

    @property
    def placeholders(self) -> set[str]:
        """The variables that ``system`` and ``user`` put in."""
        return set(_PLACEHOLDER.findall(self.system + self.user))


class Prompt(BaseModel):
    """One prompt in its languages; ``variables`` are the names whose values ``messages`` puts in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*$")
    description: str = Field(min_length=1)
    variables: tuple[str, ...] = ()
    languages: dict[str, Wording] = Field(min_length=1)

    def messages(self, language: str, values: Mapping[str, str]) -> tuple[Message, ...]:
        """System, examples, user. Values are put in as they are: nothing inside them is a placeholder.

        Raises ``PromptError`` for a value that is missing or that the prompt does not know.
        """
        self._check_values(values)
        return _turns(self.wording(language), values)

    def schema(self, language: str) -> Mapping[str, Any] | None:  # type: ignore[override]
        """The JSON schema of the answer, if the prompt has one."""
        return self.wording(language).output_schema

    def wording(self, language: str) -> Wording:
        """The words in ``language``, or in the prompt's only other one (``fallback_warning`` says so)."""
        return self.languages.get(language) or next(iter(self.languages.values()))

    def fallback_warning(self, language: str) -> str | None:
        """A sentence for the user when ``language`` is not there and another is used instead."""
        if language in self.languages:
            return None
        return f"prompt {self.id!r} has no {language!r} wording; {next(iter(self.languages))!r} is used"

    def heads(self) -> tuple[tuple[Message, ...], ...]:
        """What its messages begin with, by language: system and examples, where nothing is put into them."""
        fixed = (wording for wording in self.languages.values() if not _PLACEHOLDER.search(wording.system))
        blank = dict.fromkeys(self.variables, "")
        return tuple(_turns(wording, blank)[:-1] for wording in fixed)

    def _check_values(self, values: Mapping[str, str]) -> None:
        for name in self.variables:
            if name not in values:
                raise PromptError(f"prompt {self.id!r} needs a value for {name!r}")
        for name in values:
            if name not in self.variables:
                hint = nearest(name, self.variables)
                raise PromptError(f"prompt {self.id!r} has no variable {name!r}", hint=hint)


class PromptLibrary:
    """All prompts, by id."""

    def __init__(self, prompts: Iterable[Prompt]) -> None:
        self._prompts = {prompt.id: prompt for prompt in prompts}

    @classmethod
    def load(cls, folders: Sequence[Path]) -> PromptLibrary:
        """Every ``*.json`` under ``folders``, checked; a later folder replaces prompts by id.

        The first folder is the shipped one: its prompts must be in all languages. A replacement must keep to the
        variables that are known. Raises ``PromptError`` naming file, key, what was found and what is allowed.
        """
        found: dict[str, Prompt] = {}
        for place, folder in enumerate(folders):
            for path in sorted(folder.rglob("*.json")):
                prompt = _read(folder, path)
                if place == 0:
                    _check_complete(path, prompt)
                elif prompt.id in found:
                    _check_override(path, prompt, found[prompt.id])
                found[prompt.id] = prompt
        return cls(found.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(sorted(self._prompts))

    def heads(self) -> tuple[tuple[Message, ...], ...]:
        """The fixed beginnings of all prompts, in all their languages."""
        return tuple(head for prompt in self._prompts.values() for head in prompt.heads() if head)

    def get(self, prompt_id: str) -> Prompt:
        """The prompt of that id. Raises ``UnknownName`` with the nearest one."""
        if prompt_id not in self._prompts:
            raise UnknownName("prompt", prompt_id, self._prompts)
        return self._prompts[prompt_id]


def _turns(wording: Wording, values: Mapping[str, str]) -> tuple[Message, ...]:
    turns = [Message("system", _put_in(wording.system, values))] if wording.system else []
    for example in wording.examples:
        turns += [Message("user", example.user), Message("assistant", example.assistant)]
    return (*turns, Message("user", _put_in(wording.user, values)))


def _put_in(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def _read(folder: Path, path: Path) -> Prompt:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except OSError as problem:
        raise PromptError(f"{path} cannot be read: {problem.strerror or problem}") from problem
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise PromptError(f"{path}, {place}, is not valid JSON: {problem.msg}") from problem
    except (ValueError, RecursionError) as problem:
        raise PromptError(f"{path} is not valid JSON: {problem}") from problem
    try:
        prompt = Prompt.model_validate(document)
    except ValidationError as error:
        raise PromptError(f"{path}: {validation.describe(error, Prompt)[1]}") from error
    _check_names(folder, path, prompt)
    return prompt


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise ValueError(f"the key {twice!r} is there twice")
    return dict(pairs)


def _check_names(folder: Path, path: Path, prompt: Prompt) -> None:
    expected = path.relative_to(folder).with_suffix("").as_posix()
    if prompt.id != expected:
        raise PromptError(f"{path}: id is {prompt.id!r}", hint=f"By the file's place it should be {expected!r}")
    for language, wording in prompt.languages.items():
        if language not in LANGUAGES:
            raise PromptError(f"{path}: languages has {language!r}", hint=f"Allowed: {', '.join(LANGUAGES)}")
        unknown = sorted(wording.placeholders - set(prompt.variables))
        if unknown:
            hint = f"variables has: {', '.join(prompt.variables) or 'nothing'}"
            raise PromptError(f"{path}: languages.{language} puts in {{{unknown[0]}}}, not a variable", hint=hint)
        unused = sorted(set(prompt.variables) - wording.placeholders)
        if unused:
            raise PromptError(f"{path}: languages.{language} never puts in the variable {unused[0]!r}")


def _check_complete(path: Path, prompt: Prompt) -> None:
    for language in LANGUAGES:
        if language not in prompt.languages:
            raise PromptError(f"{path}: languages has no {language!r}")


def _check_override(path: Path, prompt: Prompt, original: Prompt) -> None:
    if set(prompt.variables) != set(original.variables):
        allowed = ", ".join(original.variables) or "none"
        raise PromptError(f"{path}: variables is {list(prompt.variables)!r}", hint=f"{prompt.id!r} has: {allowed}")
