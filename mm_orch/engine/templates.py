"""A model's chat template: a conversation into spans that are the template's and spans that are a person's.

The template never sees what was said: markers stand in its place. Only what is left of it then, the template's own
words, may hold special tokens. It is a sandbox's program, so it runs in Jinja2's sandbox, against the clock and in
bounded memory.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mm_orch.engine import sandbox
from mm_orch.errors import ChatTemplateError, MuAIError
from mm_orch.records.message import Message

Spans = tuple[tuple[str, bool], ...]
_MOST_CHARACTERS = 4_000_000
_MOST_REPEATS = 100_000
# Whitespace that no template writes: it is gone where the template trims what it is given.
_EDGE = "\x0b"


class ChatTemplate:
    """One template, compiled. Raises ``ChatTemplateError`` if it does not compile."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        self.source = source
        self._tokens = {"bos_token": bos, "eos_token": eos}
        self._refused = ""
        try:
            # Constant expressions are computed while it compiles.
            self._template = sandbox.run(lambda: _environment().from_string(source))
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise ChatTemplateError(f"the chat template does not compile: {reason}") from error

    def render(self, messages: Sequence[Message]) -> Spans:
        """The conversation as ``(text, is_template)`` spans, ready for an answer.

        A system message that the template does not take is put before the first user message. Raises
        ``ChatTemplateError`` when the template fails, runs away or loses what was said.
        """
        try:
            return self._render(messages)
        except ChatTemplateError:
            merged = _merge_system(messages)
            if merged is None or self._refused:
                raise
            return self._render(merged)

    def _render(self, messages: Sequence[Message]) -> Spans:
        if self._refused:
            raise ChatTemplateError(self._refused)
        marks = [f"x{secrets.token_hex(12)}x" for _ in messages]
        turns = [
            {"role": message.role, "content": f"{_EDGE}{mark}{_EDGE}"}
            for message, mark in zip(messages, marks, strict=True)
        ]
        return _split(self._run(turns), messages, marks)

    def _run(self, turns: list[dict[str, str]]) -> str:
        values = {**self._tokens, "messages": turns, "add_generation_prompt": True}
        try:
            return sandbox.run(lambda: _render(self._template, values))
        except TimeoutError as error:
            self._refused = f"the chat template ran for {error}"
            raise ChatTemplateError(self._refused, hint="Give the model another one with chat_template") from error
        except MemoryError as error:
            raise ChatTemplateError("the chat template takes more memory than it may") from error
        except MuAIError:
            raise
        except (Exception, SystemExit) as error:
            raise ChatTemplateError(f"the chat template failed: {error}") from error


def _render(template: jinja2.Template, values: dict[str, Any]) -> str:
    pieces, size = [], 0
    for piece in template.generate(values):
        size += len(piece)
        if size > _MOST_CHARACTERS:
            raise ChatTemplateError(f"the chat template writes more than {_MOST_CHARACTERS} characters")
        pieces.append(piece)
    return "".join(pieces)


def _split(text: str, messages: Sequence[Message], marks: Sequence[str]) -> Spans:
    spans: list[tuple[str, bool]] = []
    places = []
    for message, mark in zip(messages, marks, strict=True):
        if text.count(mark) != 1:
            raise ChatTemplateError(
                f"the chat template shows a {message.role} message {text.count(mark)} times instead of once",
                hint="Give the model another one with chat_template",
            )
        places.append((text.index(mark), mark, message.content))
    end = 0
    for start, mark, content in sorted(places):
        before, after = text[end:start], text[start + len(mark) :]
        content = content if before.endswith(_EDGE) else content.lstrip()
        content = content if after.startswith(_EDGE) else content.rstrip()
        spans += [(before.removesuffix(_EDGE), True), (content, False)]
        end = start + len(mark) + after.startswith(_EDGE)
    spans.append((text[end:], True))
    return tuple(span for span in spans if span[0])


def _merge_system(messages: Sequence[Message]) -> list[Message] | None:
    if len(messages) < 2 or messages[0].role != "system" or messages[1].role != "user":
        return None
    first = Message("user", f"{messages[0].content}\n\n{messages[1].content}")
    return [first, *messages[2:]]


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, with a bound on what one multiplication or power can make."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [abs(side) if isinstance(side, int) else len(side) for side in (left, right) if _sized(side)]
        if operator == "**" or any(size > _MOST_REPEATS for size in sizes):
            raise jinja2.TemplateRuntimeError(f"{operator!r} with too large a value")
        return super().call_binop(context, operator, left, right)


def _sized(value: Any) -> bool:
    return isinstance(value, (int, str, list, tuple))


class _Generation(jinja2.ext.Extension):
    """``{% generation %}`` blocks, which mark text for training, render as what is in them."""

    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser: Any) -> Any:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> _Environment:
    extensions = [_Generation, jinja2.ext.loopcontrols]
    environment = _Environment(trim_blocks=True, lstrip_blocks=True, extensions=extensions)
    environment.filters["tojson"] = _to_json
    environment.globals["raise_exception"] = _raise_exception
    environment.globals["strftime_now"] = _strftime_now
    return environment


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **_options: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent)


def _raise_exception(message: str) -> None:
    raise ChatTemplateError(f"the chat template refuses the conversation: {message}")


def _strftime_now(form: str) -> str:
    return datetime.now().strftime(form)
