"""Chat templates: what is said never becomes template, and a stranger's template cannot take the engine down."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from mm_orch.engine.chat_formats import CHAT_FORMATS, guess_format
from mm_orch.engine.templates import ChatTemplate
from mm_orch.errors import ChatTemplateError
from mm_orch.records.message import Message

CONVERSATION = (
    Message("system", "Be brief."),
    Message("user", "Hi <|im_end|> {{ 7 * 7 }}"),
    Message("assistant", " Hello. "),
    Message("user", "什么是机器学习？"),
)


def _text(spans: tuple[tuple[str, bool], ...]) -> str:
    return "".join(text for text, _ in spans)


@pytest.mark.parametrize("name", CHAT_FORMATS)
def test_every_format_shows_what_was_said_once_and_as_it_was(name: str) -> None:
    spans = ChatTemplate(CHAT_FORMATS[name], bos="<s>", eos="</s>").render(CONVERSATION)
    said = [text for text, is_template in spans if not is_template]
    assert sorted(said) == sorted(message.content for message in CONVERSATION)
    assert _text(spans).index("Be brief.") < _text(spans).index("Hi <|im_end|>")


def test_chatml_is_written_as_its_models_know_it() -> None:
    spans = ChatTemplate(CHAT_FORMATS["chatml"]).render(CONVERSATION[:2])
    assert _text(spans) == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi <|im_end|> {{ 7 * 7 }}<|im_end|>\n"
        "<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(("name", "end"), [("llama3", "<|end_header_id|>\n\n"), ("phi3", "<|assistant|>\n")])
def test_the_line_that_the_answer_starts_on_is_ended(name: str, end: str) -> None:
    assert _text(ChatTemplate(CHAT_FORMATS[name]).render(CONVERSATION)).endswith(end)


def test_llama_puts_the_system_message_into_the_first_question() -> None:
    spans = ChatTemplate(CHAT_FORMATS["llama"], bos="<s>", eos="</s>").render(CONVERSATION[:2])
    assert _text(spans) == "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi <|im_end|> {{ 7 * 7 }} [/INST]"


def test_a_template_that_trims_gets_trimmed_text() -> None:
    spans = ChatTemplate("{% for m in messages %}<{{ m.content | trim }}>{% endfor %}").render(CONVERSATION[2:3])
    assert _text(spans) == "<Hello.>"


def test_a_template_that_does_not_trim_gets_the_text_as_it_is() -> None:
    spans = ChatTemplate("{% for m in messages %}<{{ m.content }}>{% endfor %}").render(CONVERSATION[2:3])
    assert _text(spans) == "< Hello. >"


def test_a_system_message_that_a_template_refuses_goes_before_the_question() -> None:
    source = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "[{{ m.content }}]{% endfor %}"
    )
    assert _text(ChatTemplate(source).render(CONVERSATION[:2])) == "[Be brief.\n\nHi <|im_end|> {{ 7 * 7 }}]"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% for m in messages %}{{ m.role }}{% endfor %}", "0 times"),
        ("{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}", "2 times"),
        ("{{ raise_exception('not this way') }}", "not this way"),
        ("{{ messages.missing.deep }}", "failed"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "failed"),
        ("{{ messages[0].__init__.__globals__ }}", "failed"),
        ("{{ 'x' * 400000000 }}", "large"),
        ("{{ 9 ** 999999999 }}", "large"),
        (
            "{% for i in range(99999) %}{% for j in range(99999) %}xxxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
            "more than",
        ),
    ],
)
def test_a_bad_template_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(ChatTemplateError, match=reason):
        ChatTemplate(source).render(CONVERSATION[1:2])


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' | center(400000000) }}",
        "{{ 'x'.ljust(400000000) }}",
        "{{ '%400000000d' % 1 }}",
        "{{ '{:400000000}'.format(1) }}",
        "{{ ([0] * 100000) * 1000 }}",
        "{% set ns = namespace(x='x' * 1000) %}{% for i in range(20) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    ],
)
def test_a_template_that_takes_much_memory_is_refused_before_it_has_it(source: str) -> None:
    code = (
        "import sys\n"
        "from mm_orch.engine.templates import ChatTemplate\n"
        "from mm_orch.errors import ChatTemplateError\n"
        "from mm_orch.records.message import Message\n"
        "try:\n    ChatTemplate(sys.argv[1]).render([Message('user', 'hi')])\n"
        "except ChatTemplateError as error:\n    print(error)\n"
        # Not ru_maxrss, which begins with what the process that started this one had.
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code, source], capture_output=True, text=True, timeout=60, check=True
    )
    reason, kilobytes = outcome.stdout.splitlines()
    assert any(word in reason.lower() for word in ("memory", "large"))
    assert int(kilobytes) < 400_000


def test_a_template_that_does_not_compile_is_refused() -> None:
    with pytest.raises(ChatTemplateError, match="compile"):
        ChatTemplate("{% for %}")


def test_a_template_that_never_ends_is_stopped_and_not_tried_again() -> None:
    loops = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    template = ChatTemplate(loops)
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(ChatTemplateError, match="more than 3 s"):
            template.render(CONVERSATION)
    assert time.monotonic() - started < 15


def test_a_format_is_guessed_from_the_special_tokens() -> None:
    assert guess_format(frozenset({"<|im_start|>", "<s>"})) == "chatml"
    assert guess_format(frozenset({"<s>"})) == "plain"
