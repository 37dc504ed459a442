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

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from mm_orch import words
from mm_orch.words import Sentence, catalogue, nearest


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
    """An error for another process or a file, with its English for a version that has no such key."""
    told = {"type": type(error).__name__, "key": error.key, "values": words.as_json(error.values)}
    return told | {"message": error.message, "hint": error.hint}


def of_json(document: Mapping[str, Any], otherwise: type[MuAIError] = MuAIError) -> MuAIError:
    """The error that ``as_json`` described; a class that is not known here becomes ``otherwise``.

    Where this version says the key otherwise, or has it no more, the English that was written stands for it.
    """
    known = globals().get(str(document["type"]))
    cls = known if isinstance(known, type) and issubclass(known, MuAIError) else otherwise
    error, values = cls.__new__(cls), words.of_json(document["values"])
    try:
        MuAIError.__init__(error, document["key"], **values)
        is_same = error.message == document["message"]
    except (LookupError, ValueError, TypeError, AttributeError):
        is_same = False
    if not is_same:
        MuAIError.__init__(error, "text", **{**values, "text": document["message"], "hint": document["hint"]})
    return error


def _value(name: str) -> Any:
    """An attribute of an error that is its value called ``name``; None without one."""
    return property(lambda error: error.values.get(name))


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

    prompt_tokens: int = _value("tokens")
    limit: int = _value("limit")
    context_length: int = _value("context")


class GrammarError(EngineError):
    pass


class ChatTemplateError(EngineError):
    pass


class SearchError(MuAIError):
    pass


class RateLimited(SearchError):
    """``wait_s`` is how many seconds the provider asked to wait, None when it did not say."""

    wait_s: float | None = _value("wait_s")


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
