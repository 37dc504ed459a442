"""A request's prompt into the tokens that the model sees: rendered, trimmed to fit, checked against the limit."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mm_orch.engine.templates import ChatTemplate, Spans
from mm_orch.engine.wire import Prompt
from mm_orch.errors import ContextLengthExceeded, InvalidInput
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText

if TYPE_CHECKING:
    from mm_orch.engine.native.vocabulary import Vocabulary

ANSWER_SHARE = 4
"""An answer is kept room for ``max_tokens``, but never more than one part in this many of the context."""
_MOST_WRITTEN = 256
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """``dropped`` is how many old messages were left out of ``rendered`` to make it fit."""

    tokens: list[int]
    rendered: str
    dropped: int = 0


class PromptReader:
    """Renders and tokenizes with one model's template and vocabulary."""

    def __init__(self, vocabulary: Vocabulary, template: ChatTemplate, n_ctx: int) -> None:
        self._vocabulary = vocabulary
        self._template = template
        self._n_ctx = n_ctx
        self._pieces = lru_cache(maxsize=512)(self._tokenize_piece)
        self._written: OrderedDict[str, tuple[int, ...]] = OrderedDict()

    def prepare(self, request: GenerationRequest) -> Prepared:
        """The prompt of ``request``; raises ``ContextLengthExceeded`` with the counts when it does not fit."""
        limit = self._n_ctx - min(request.config.max_tokens, self._n_ctx // ANSWER_SHARE)
        messages, budget, trims = _conversation(request)
        if messages and trims:
            return self._trimmed(messages, limit, min(limit, budget or limit))
        return self._checked(self.read(request.prompt), limit)

    def learn(self, text: str, tokens: Sequence[int]) -> None:
        """Remember how the model wrote ``text``, so that a chat that goes on finds its tokens in the cells.

        The tokenizer may split the same text otherwise. Tokens beyond the text (a character or a stop string that
        broke off) are left out; the others are kept if they are exactly this text.
        """
        vocabulary = self._vocabulary
        pieces = [vocabulary.piece(token) for token in tokens]
        data, size = text.encode("utf-8"), sum(map(len, pieces))
        while pieces and size > len(data):
            size -= len(pieces.pop())
        whole = tuple(tokens[: len(pieces)])
        if not text or b"".join(pieces) != data or any(map(vocabulary.is_control, whole)):
            return
        self._written[text] = whole
        self._written.move_to_end(text)
        if len(self._written) > _MOST_WRITTEN:
            self._written.popitem(last=False)

    def read(self, prompt: Prompt) -> Prepared:
        """The prompt as it is, of whatever length."""
        spans = self.spans(prompt)
        rendered = "".join(well_formed(text) for text, _ in spans)
        return Prepared(self._tokens(spans), rendered)

    def spans(self, prompt: Prompt) -> Spans:
        """The rendered prompt in pieces, each with whether special tokens count in it."""
        if isinstance(prompt, PromptText):
            return self._template.render(prompt.messages) if prompt.messages else prompt.spans
        if isinstance(prompt, str):
            return ((prompt, False),)
        if not prompt:
            raise InvalidInput("the conversation has no message")
        return self._template.render(prompt)

    def _checked(self, prepared: Prepared, limit: int) -> Prepared:
        if len(prepared.tokens) > limit:
            raise ContextLengthExceeded(len(prepared.tokens), limit, self._n_ctx)
        return prepared

    def _trimmed(self, messages: Sequence[Message], limit: int, budget: int) -> Prepared:
        """Leave out as few of the oldest turns as ``budget`` tokens need; after the last, ``limit`` decides."""
        choices = _shorter(messages)
        low, high = 0, len(choices) - 1
        while low < high:
            middle = (low + high) // 2
            if len(self.read(choices[middle]).tokens) <= budget:
                high = middle
            else:
                low = middle + 1
        kept = self.read(choices[low])
        dropped = len(messages) - len(choices[low])
        return self._checked(Prepared(kept.tokens, kept.rendered, dropped), limit)

    def _tokens(self, spans: Spans) -> list[int]:
        vocabulary = self._vocabulary
        tokens: list[int] = []
        for text, is_template in spans:
            follows_text = bool(tokens) and not vocabulary.is_control(tokens[-1])
            known = None if is_template else self._written.get(text)
            tokens += known or self._pieces(text, is_template, follows_text)
        if vocabulary.bos is not None and tokens[:1] != [vocabulary.bos] and (vocabulary.adds_bos or not tokens):
            tokens.insert(0, vocabulary.bos)
        if not tokens:
            raise InvalidInput("the prompt is empty", hint="Give it at least one character")
        return tokens

    def _tokenize_piece(self, text: str, is_template: bool, follows_text: bool) -> tuple[int, ...]:
        return tuple(self._vocabulary.tokenize(text, special=is_template, follows_text=follows_text))


def _conversation(request: GenerationRequest) -> tuple[tuple[Message, ...], int | None, bool]:
    """The messages, the history's budget in tokens, and whether old turns may be left out."""
    prompt = request.prompt
    if isinstance(prompt, PromptText):
        budget = request.max_history_tokens or prompt.max_history_tokens
        return prompt.messages, budget, request.trim_history or budget is not None
    if isinstance(prompt, str):
        return (), None, False
    return prompt, request.max_history_tokens, request.trim_history


def _shorter(messages: Sequence[Message]) -> list[tuple[Message, ...]]:
    """The conversation, then without its oldest turn, and so on; system messages at the start and the end stay."""
    head = 0
    while head < len(messages) and messages[head].role == "system":
        head += 1
    last = max((index for index, message in enumerate(messages) if message.role == "user"), default=head)
    starts = [head, *(i for i in range(head + 1, last + 1) if messages[i].role == "user")]
    return [(*messages[:head], *messages[start:]) for start in starts]


def well_formed(text: str) -> str:
    """``text`` with surrogate pairs joined and lone surrogates replaced, so that it can be written as UTF-8."""
    if not _LONE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
