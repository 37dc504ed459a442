"""Every error MuAI raises on purpose.

MuAIError
├── UsageError                  wrong use: exit code 2, HTTP 400
│   ├── InvalidInput            an argument or a query that cannot be used
│   └── UnknownName             a workflow, model, provider … that does not exist
├── ConfigError                 a file of the user's that is wrong: exit code 2
│   ├── SettingsError           config/*.yaml, MUAI_* variables
│   ├── PromptError             prompts/*.json
│   └── DefinitionError         workflows/*.yaml
├── ModelError                  a model that cannot be used
│   ├── ModelNotFound           no such file, repository or catalogue entry
│   ├── ModelLoadError          llama.cpp or the preflight refused the file
│   ├── NotEnoughMemory         needs more than there is; both numbers are named
│   ├── ModelQuarantined        put aside after repeated crashes
│   ├── AdapterError            a LoRA adapter that is missing, corrupt or does not fit
│   └── DownloadError           fetching a model failed
├── EngineError                 a request to a model that failed
│   ├── EngineCrashed           the child process died
│   ├── EngineTimeout           no decode step finished in time
│   ├── EngineBusy              the queue is full
│   ├── ContextLengthExceeded   the prompt does not fit
│   ├── GrammarError            a grammar or schema that llama.cpp cannot use
│   └── ChatTemplateError       a chat template that fails or eats its input
├── SearchError                 a search provider failed
│   └── RateLimited             it asks to wait
├── FetchError                  a page could not be read
│   ├── ForbiddenAddress        a private, local or malformed address
│   └── UnsupportedMedia        not a text document
├── WorkflowError               a step failed
├── StorageError                muai.db cannot be read or written
└── Interrupted                 the user stopped it: exit code 130
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from mm_orch.words import Sentence, catalogue


class MuAIError(Exception):
    """Base of the tree: ``error.KEY`` of ``words`` says what failed on what, ``error.KEY.hint`` what to do.

    ``values`` are what the two sentences put in, another error or ``Sentence`` among them. ``str()`` is English;
    ``said`` is for a person. Text that has no key, for it was written elsewhere, is ``MuAIError("text", text=…)``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        if f"error.{key}" not in catalogue("en"):
            key, values = "text", {"text": key, **values}
        self.key, self.values = key, values

    @property
    def message(self) -> str:
        """What failed on what, in English, without a full stop."""
        return str(self.sentences[0])

    @property
    def hint(self) -> str:
        """What to do, in English; may be empty."""
        return str(self.sentences[1])

    @property
    def sentences(self) -> tuple[Sentence, Sentence]:
        """What failed on what, and what to do: the key's own hint, else the value called ``hint``."""
        hint = f"error.{self.key}.hint"
        return Sentence(f"error.{self.key}", self.values), Sentence(
            hint if hint in catalogue("en") else "error.hint", {"hint": "", **self.values}
        )

    @property
    def sentence(self) -> Sentence:
        """Message and hint in one."""
        message, hint = self.sentences
        return Sentence("error.with_hint", {"message": message, "hint": hint}) if str(hint) else message

    def said(self, language: str) -> str:
        """Message and hint in one, in ``"en"`` or ``"zh"``."""
        return self.sentence.said(language)

    def __str__(self) -> str:
        return self.said("en")

    def __reduce__(self) -> tuple[object, ...]:
        return of_json, (as_json(self),)


def as_json(error: MuAIError) -> dict[str, Any]:
    """An error by the name of its class, its key and its values, for another process or a file."""
    return {"type": type(error).__name__, "key": error.key, "values": _plain(error.values)}


def of_json(document: Mapping[str, Any], otherwise: type[MuAIError] = MuAIError) -> MuAIError:
    """The error that ``as_json`` described; a class that is not known here becomes ``otherwise``."""
    known = globals().get(str(document["type"]))
    cls = known if isinstance(known, type) and issubclass(known, MuAIError) else otherwise
    error = cls.__new__(cls)
    MuAIError.__init__(error, document["key"], **_read(document["values"]))
    return error


def nearest(name: str, known: Iterable[str]) -> Sentence:
    """A hint for a name that does not exist: the nearest known one, and all of them."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    key = "hint.nearest" if near else "hint.known"
    return Sentence(key, {"near": near[0] if near else "", "known": ", ".join(known)})


def _plain(value: object) -> Any:
    if isinstance(value, MuAIError):
        value = value.sentence
    if isinstance(value, Sentence):
        return {"said": value.key, "values": _plain(value.values)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _read(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    values = {name: _read(one) for name, one in value.items()}
    return Sentence(values["said"], values["values"]) if values.keys() == {"said", "values"} else values


class UsageError(MuAIError):
    exit_code = 2


class InvalidInput(UsageError):
    pass


class UnknownName(UsageError):
    """``name`` is not among ``known``. ``kind.KIND`` of ``words`` says what it is, with ``values``."""

    def __init__(self, kind: str, name: str, known: Iterable[str], **values: object) -> None:
        known, said = list(known), Sentence(f"kind.{kind}", values)
        hint = nearest(name, known) if known else Sentence("hint.none", {"kind": said})
        super().__init__("unknown_name", kind=said, name=name, hint=hint)


class ConfigError(MuAIError):
    exit_code = 2


class SettingsError(ConfigError):
    pass


class PromptError(ConfigError):
    pass


class DefinitionError(ConfigError):
    pass


class ModelError(MuAIError):
    pass


class ModelNotFound(ModelError):
    pass


class ModelLoadError(ModelError):
    pass


class NotEnoughMemory(ModelError):
    pass


class ModelQuarantined(ModelError):
    pass


class AdapterError(ModelError):
    pass


class DownloadError(ModelError):
    pass


class EngineError(MuAIError):
    pass


class EngineCrashed(EngineError):
    pass


class EngineTimeout(EngineError):
    pass


class EngineBusy(EngineError):
    pass


class ContextLengthExceeded(EngineError):
    """The prompt does not fit. All counts are tokens: the prompt's, the most it may have, the context's size."""

    def __init__(self, prompt_tokens: int, limit: int, context_length: int) -> None:
        super().__init__("prompt_too_long", tokens=prompt_tokens, limit=limit, context=context_length)

    def _count(self, name: str) -> int:
        count = self.values[name]
        assert isinstance(count, int)
        return count

    prompt_tokens = property(lambda self: self._count("tokens"))
    limit = property(lambda self: self._count("limit"))
    context_length = property(lambda self: self._count("context"))


class GrammarError(EngineError):
    pass


class ChatTemplateError(EngineError):
    pass


class SearchError(MuAIError):
    pass


class RateLimited(SearchError):
    """A value called ``wait_s`` is how many seconds the provider asked to wait."""

    @property
    def wait_s(self) -> float | None:
        """Seconds to wait; None when the provider did not say."""
        wait = self.values.get("wait_s")
        return wait if isinstance(wait, int | float) else None


class FetchError(MuAIError):
    pass


class ForbiddenAddress(FetchError):
    pass


class UnsupportedMedia(FetchError):
    pass


class WorkflowError(MuAIError):
    pass


class StorageError(MuAIError):
    pass


class Interrupted(MuAIError):
    exit_code = 130
