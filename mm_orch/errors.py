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
from collections.abc import Iterable
from typing import ClassVar


class MuAIError(Exception):
    """Base of the tree: one line that says what failed on what, and optionally what to do (``hint``)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.args, self.__dict__))


def _rebuild(cls: type[MuAIError], args: tuple[object, ...], state: dict[str, object]) -> MuAIError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class UsageError(MuAIError):
    exit_code = 2


class InvalidInput(UsageError):
    pass


class UnknownName(UsageError):
    """``kind`` (``"model"``, ``"workflow"`` …) called ``name`` is not among ``known``."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        hint += f"Known: {', '.join(known)}" if known else f"No {kind} is configured"
        super().__init__(f"unknown {kind} {name!r}", hint=hint)
        self.kind, self.name, self.known = kind, name, tuple(known)


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
        super().__init__(
            f"the prompt has {prompt_tokens} tokens; at most {limit} fit "
            f"in a context of {context_length} tokens with the answer",
            hint="Shorten the prompt, lower max_tokens, or raise the context with --ctx-size",
        )
        self.prompt_tokens, self.limit, self.context_length = prompt_tokens, limit, context_length


class GrammarError(EngineError):
    pass


class ChatTemplateError(EngineError):
    pass


class SearchError(MuAIError):
    pass


class RateLimited(SearchError):
    """``wait_s`` is how many seconds the provider asked to wait, None when it did not say."""

    def __init__(self, message: str, *, hint: str = "", wait_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.wait_s = wait_s


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
