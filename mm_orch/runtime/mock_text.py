"""What the mock says in plain text, and the rule by which it counts tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mm_orch.language.script import CJK
from mm_orch.language.sentences import sentences
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText

_TOKEN = re.compile(rf"\s+|[{CJK}]|[^\W{CJK}]{{1,4}}|[^\w\s]")
_CITED = re.compile(r"\[(\d{1,3})\]")
_SHOWN = 60

_QUOTATIONS = 40
_DELIMITER = re.compile(r"</?[0-9a-f]{8}>\s*(?=\[\d)")

# Shown to a person, never sent to a model.
NOTICE = {
    "en": "[mock] The built-in mock, not a language model, copied this from the pages. "
    "For a real answer, add --real-models.",
    "zh": "[mock] 以下内容由内置的模拟程序从网页中摘录，不是语言模型写的。想得到真实回答，请加上 --real-models。",
}
_ANSWERS = {
    "en": (
        "[mock] This is the built-in mock, not a language model{cited}. "
        "The last line of the message: “{shown}”. For a real answer, add --real-models."
    ),
    "zh": (
        "[mock] 这是内置的模拟回答，不是语言模型写的{cited}。"
        "收到的最后一行是：“{shown}”。想得到真实回答，请加上 --real-models。"
    ),
}


def tokens(text: str) -> list[str]:
    """Pieces that join to ``text``: a CJK character, up to four letters or digits, a sign, or a run of spaces."""
    return _TOKEN.findall(text)


def rendered(prompt: tuple[Message, ...] | PromptText | str) -> str:
    """The prompt as the mock counts it: a conversation is one ``role: content`` a line."""
    messages = prompt.messages if isinstance(prompt, PromptText) and prompt.messages else prompt
    if isinstance(messages, str):
        return str(messages)
    return "".join(f"{message.role}: {message.content}\n" for message in messages)


def size(prompt: tuple[Message, ...] | PromptText | str) -> int:
    """Tokens of the prompt as the mock counts it."""
    return len(tokens(rendered(prompt)))


def oldest_turn(messages: tuple[Message, ...]) -> tuple[int, int]:
    """Start and end of the turn that is left out first; the same number twice where only what must stay is left."""
    said = [at for at, message in enumerate(messages) if message.role == "user"]
    head = next((at for at, message in enumerate(messages) if message.role != "system"), len(messages))
    return head, next((at for at in said if at > head), head)


def last_user_text(prompt: tuple[Message, ...] | PromptText | str) -> str:
    """What was asked last: the last user message of a conversation, or the whole of a raw prompt."""
    messages = prompt.messages if isinstance(prompt, PromptText) else prompt
    if isinstance(messages, str) or not messages:
        return str(prompt)
    return next((message.content for message in reversed(messages) if message.role == "user"), "")


def quotations(asked: str) -> Iterator[str]:
    """Sentences of what was given to read, each with the number in brackets that it stands under."""
    number = ""
    for line in _DELIMITER.sub("", asked).splitlines()[:-1]:
        cited = _CITED.match(line.strip())
        number = cited[1] if cited else number
        for sentence in islice(sentences(line if cited is None else ""), _QUOTATIONS):
            if number:
                yield f"{sentence.strip()} [{number}]"


def answer(asked: str, language: str) -> str:
    """The mock's answer to ``asked``, of which it shows the last line: there a prompt puts the question.

    It cites the first numbers in brackets that the text holds.
    """
    line = " ".join(asked.strip().rpartition("\n")[2].split())
    shown = line[:_SHOWN] + ("…" if len(line) > _SHOWN else "")
    numbers = list(dict.fromkeys(_CITED.findall(asked)))[:3]
    cited = "".join(f" [{number}]" for number in numbers)
    return _ANSWERS[language].format(cited=cited, shown=shown)
