"""What is promised in tokens: heads and turns evaluated once, nothing after a cancel, and a fair turn for all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import EngineBusy
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.message import Message
from tests.engine.asking import Asked, ask, ask_together, begin, chat, engine_of, request

NO_END = {390: -100.0, 388: -100.0}
# What the template puts between an answer and the next question, and before the next answer.
GLUE = 24


@pytest.fixture
def engine(tiny_gguf: Path) -> Iterator[EngineProcess]:
    with engine_of(tiny_gguf, n_ctx=8192) as engine:
        yield engine


def evaluated(engine: EngineProcess) -> int:
    count: int = engine.call("stats", {})["evaluated_tokens"]
    return count


def count(engine: EngineProcess, text: str) -> int:
    return len(engine.call("tokenize", {"text": text}))


def test_eight_cold_prompts_with_one_head_evaluate_it_once(engine: EngineProcess) -> None:
    head = Message("system", "what is the machine learning and answer in the world " * 40)
    n_head = count(engine, head.content)
    assert n_head >= 400
    asked = [request((head, *chat(f"hello {n} {'xyz'[n % 3] * n}")), max_tokens=1) for n in range(8)]
    results = ask_together(engine, asked)
    tails = sum(result.usage.prompt_tokens - n_head for result in results)
    assert n_head <= evaluated(engine) <= n_head + tails
    assert evaluated(engine) == sum(one.usage.prompt_tokens - one.usage.cached_tokens for one in results)


def test_eight_sessions_in_turns_evaluate_what_is_new_and_glue(engine: EngineProcess) -> None:
    said: dict[int, list[str]] = {n: [f"hello {n} world"] for n in range(8)}
    for turn in range(6):
        for n, turns in said.items():
            before = evaluated(engine)
            # ASCII alone: an answer that is not text comes back as other bytes than were written.
            asked = request(
                chat(*turns), max_tokens=30, seed=turn * 8 + n, grammar="root ::= [a-z ]{10,}", logit_bias=NO_END
            )
            result = ask(engine, replace(asked, session_id=str(n)))
            new = evaluated(engine) - before
            question = count(engine, turns[-1])
            assert new <= question + result.usage.completion_tokens + GLUE, (turn, n)
            turns += [result.text, f"what is {turn} of the machine {n}"]


def test_an_answer_that_a_stop_string_ended_is_not_evaluated_again(engine: EngineProcess) -> None:
    asked = request(
        chat("hello world"),
        max_tokens=60,
        seed=3,
        grammar='root ::= [a-z ]{30} "\\n" [a-z]+',
        stop=("\n",),
        logit_bias=NO_END,
    )
    answer = ask(engine, asked)
    assert len(answer.text) == 30
    again = ask(engine, request(chat("hello world", answer.text, "what is it"), max_tokens=1))
    # All but the stop string's token, which the next prompt has not.
    assert again.usage.cached_tokens >= answer.usage.prompt_tokens + answer.usage.completion_tokens - 1


def test_next_to_nothing_is_evaluated_after_a_cancel(engine: EngineProcess) -> None:
    ticket, answer = begin(engine, request(chat("hello"), max_tokens=6000, logit_bias=NO_END))
    assert answer.began.wait(30)
    engine.cancel(ticket)
    result = answer.result()
    after = evaluated(engine)
    prompt, written = result.usage.prompt_tokens, result.usage.completion_tokens
    assert result.finish_reason == "cancelled"
    # The last token that was written is never evaluated; a step that was under way may have been.
    assert prompt + written - 1 <= after <= prompt + written
    time.sleep(0.2)
    assert evaluated(engine) == after


def test_a_cancel_in_a_long_prompt_leaves_most_of_it_alone(tiny_gguf: Path) -> None:
    long = "qzx jkv " * 12_000
    with engine_of(tiny_gguf, n_ctx=131_072) as engine:
        ticket, answer = begin(engine, request(long, max_tokens=1))
        while evaluated(engine) == 0:
            time.sleep(0.001)
        engine.cancel(ticket)
        result = answer.result()
        after = evaluated(engine)
        assert result.finish_reason == "cancelled"
        assert after < result.usage.prompt_tokens / 2
        time.sleep(0.2)
        assert evaluated(engine) == after
        assert engine.call("stats", {})["running"] == 0


def test_a_session_with_many_requests_does_not_hold_up_another(tiny_gguf: Path) -> None:
    order: list[str] = []
    lock = threading.Lock()

    class Noted(Asked):
        def __init__(self, session: str) -> None:
            super().__init__()
            self.session = session

        def take(self, event: object) -> None:
            super().take(event)  # type: ignore[arg-type]
            if self.ended.is_set():
                with lock:
                    order.append(self.session)

    def send(engine: EngineProcess, session: str, n: int) -> Noted:
        noted = Noted(session)
        config = request("", max_tokens=60, logit_bias=NO_END).config
        engine.submit(GenerationRequest(f"{session} {n}", config, session_id=session), noted.take)
        return noted

    with engine_of(tiny_gguf, n_seq=2) as engine:
        many = [send(engine, "many", n) for n in range(12)]
        one = send(engine, "one", 0)
        for noted in [*many, one]:
            noted.outcome()
    assert order.index("one") <= 5


def test_a_full_queue_refuses_at_once_and_serves_those_it_took(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, n_seq=2, n_queue=3) as engine:
        asked = [request(f"hello {n}", max_tokens=200, logit_bias=NO_END) for n in range(20)]
        outcomes = [answer.outcome() for _, answer in [begin(engine, one) for one in asked]]
        served = [one for one in outcomes if isinstance(one, GenerationResult)]
        refused = [one for one in outcomes if isinstance(one, EngineBusy)]
        assert len(served) + len(refused) == 20
        assert refused
        assert len(served) >= 3
        assert all(one.usage.completion_tokens == 200 for one in served)
        assert "3 requests" in str(refused[0])
        assert engine.call("stats", {}) | {"evaluated_tokens": 0} == {
            "evaluated_tokens": 0,
            "running": 0,
            "waiting": 0,
        }
