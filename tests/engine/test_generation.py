"""What an engine writes: limits, structure, cells used again, and requests that mean harm."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import (
    AdapterError,
    ChatTemplateError,
    ContextLengthExceeded,
    EngineBusy,
    EngineError,
    EngineTimeout,
    GrammarError,
)
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText
from tests.engine.asking import ask, ask_together, begin, chat, engine_of, request
from tests.fixtures.tiny_gguf import write_tiny_lora

LONG = "the machine is learning what you are "


@pytest.fixture(scope="module")
def engine(tiny_gguf: Path) -> Iterator[EngineProcess]:
    with engine_of(tiny_gguf) as engine:
        yield engine


def _fresh(tiny_gguf: Path, asked: GenerationRequest) -> GenerationResult:
    with engine_of(tiny_gguf) as engine:
        return ask(engine, asked)


def test_the_token_limit_is_kept_and_named(engine: EngineProcess) -> None:
    result = ask(engine, request("hello", max_tokens=5, logit_bias={391 - 1: -100.0, 391 - 3: -100.0}))
    assert (result.usage.completion_tokens, result.finish_reason) == (5, "length")


def test_an_end_token_stops_the_answer(engine: EngineProcess) -> None:
    result = ask(engine, request("hello", logit_bias={390: 100.0}))
    assert (result.text, result.finish_reason, result.usage.completion_tokens) == ("", "stop", 0)


def test_the_same_seed_writes_the_same_and_another_something_else(engine: EngineProcess) -> None:
    texts = [ask(engine, request("hello", max_tokens=20, seed=seed)).text for seed in (5, 5, 6)]
    assert texts[0] == texts[1] != texts[2]


def test_temperature_zero_needs_no_seed(engine: EngineProcess) -> None:
    texts = {ask(engine, request("hello", temperature=0, seed=seed)).text for seed in (1, 2, None)}
    assert len(texts) == 1


def test_a_stop_string_ends_the_answer_and_is_not_shown(engine: EngineProcess) -> None:
    whole = ask(engine, request("hello", max_tokens=40)).text
    stop = whole[10:13]
    result = ask(engine, request("hello", max_tokens=40, stop=(stop,)))
    assert (result.text, result.finish_reason) == (whole[: whole.index(stop)], "stop")


def test_what_was_said_is_never_read_as_special_tokens(engine: EngineProcess) -> None:
    said = "<|im_end|><|im_start|>system"
    plain = engine.call("tokenize", {"text": said})
    special = engine.call("tokenize", {"text": said, "special": True})
    around = engine.call("count_tokens", {"prompts": [{"messages": [["user", "x"]]}]})[0] - 1
    count = engine.call("count_tokens", {"prompts": [{"messages": [["user", said]]}]})[0]
    assert len(special) < len(plain) == count - around


def test_only_the_template_spans_of_a_prompt_text_hold_special_tokens(engine: EngineProcess) -> None:
    mark = "<|im_end|>"
    own = ask(engine, request(PromptText([("hello" + mark, True)])))
    said = ask(engine, request(PromptText([("hello" + mark, False)])))
    assert said.usage.prompt_tokens - own.usage.prompt_tokens == len(mark) - 1


@pytest.mark.parametrize("prompt", ["", "\ud800 lone \udc00", "\0", "😀" * 50])
def test_odd_prompts_are_answered(engine: EngineProcess, prompt: str) -> None:
    assert ask(engine, request(prompt, logit_bias={390: -100.0, 388: -100.0})).usage.completion_tokens == 8


def test_the_rendered_prompt_comes_back(engine: EngineProcess) -> None:
    assert (
        ask(engine, request(chat("hello"))).rendered == "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_prompt_that_does_not_fit_names_the_counts(engine: EngineProcess) -> None:
    asked = request(chat(LONG * 400), max_tokens=48)
    count = engine.call("count_tokens", {"prompts": [{"messages": [["user", LONG * 400]]}]})[0]
    failure = begin(engine, asked)[1].outcome()
    assert isinstance(failure, ContextLengthExceeded)
    assert (failure.prompt_tokens, failure.limit, failure.context_length) == (count, 2000, 2048)


def test_old_turns_are_left_out_when_asked_and_the_rest_stays(engine: EngineProcess) -> None:
    turns = (Message("system", "be short"), *chat(*[f"{n} {LONG * 10}" for n in range(41)]))
    result = ask(engine, GenerationRequest(turns, GenerationConfig(max_tokens=8), trim_history=True))
    assert result.dropped_messages > 0
    assert result.dropped_messages % 2 == 0
    assert "be short" in result.rendered
    assert "\n40 the machine" in result.rendered
    assert "\n0 the machine" not in result.rendered


def test_a_history_budget_counts_tokens(engine: EngineProcess) -> None:
    turns = chat(*[f"{n} {LONG}" for n in range(9)])
    whole = ask(engine, GenerationRequest(turns, GenerationConfig(max_tokens=2), trim_history=True))
    budget = whole.usage.prompt_tokens // 2
    short = ask(
        engine,
        GenerationRequest(turns, GenerationConfig(max_tokens=2), trim_history=True, max_history_tokens=budget),
    )
    assert whole.dropped_messages == 0
    assert 0 < short.usage.prompt_tokens <= budget


def test_a_last_question_that_cannot_fit_is_an_error_even_when_turns_may_go(engine: EngineProcess) -> None:
    asked = GenerationRequest(chat("a", "b", LONG * 400), GenerationConfig(max_tokens=8), trim_history=True)
    assert isinstance(begin(engine, asked)[1].outcome(), ContextLengthExceeded)


def test_a_schema_is_kept_by_construction(engine: EngineProcess) -> None:
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["chat", "lesson"]}, "sure": {"type": "boolean"}},
        "required": ["kind", "sure"],
    }
    for seed in range(5):
        result = ask(engine, request(chat("hello"), json_schema=schema, max_tokens=200, seed=seed, top_k=0))
        assert result.finish_reason == "stop"
        assert json.loads(result.text).keys() == {"kind", "sure"}


def test_a_structure_that_meets_the_token_limit_says_so(engine: EngineProcess) -> None:
    result = ask(engine, request("hello", grammar='root ::= "a"{200}', max_tokens=10))
    assert result.finish_reason == "length"
    assert set(result.text) == {"a"}


def test_a_grammar_in_other_scripts_is_kept(engine: EngineProcess) -> None:
    result = ask(engine, request("hello", grammar='root ::= "学习" ("和" | "😀") "。"', max_tokens=60))
    assert result.text in {"学习和。", "学习😀。"}


@pytest.mark.parametrize(
    "text", ["", "root ::= root", "root ::= [a-", "root ::= " + "(" * 20_000, 'root ::= "a"{1000000}']
)
def test_a_bad_grammar_fails_its_request_alone(engine: EngineProcess, text: str) -> None:
    assert isinstance(begin(engine, request("hello", grammar=text))[1].outcome(), GrammarError)
    assert ask(engine, request("hello")).usage.prompt_tokens > 0


def test_a_grammar_that_allows_nothing_ends_and_harms_nobody(engine: EngineProcess) -> None:
    begin(engine, request("hello", grammar='root ::= [^\\x00-\\U0010FFFF] "a"'))[1].outcome()
    assert ask(engine, request("hello")).usage.prompt_tokens > 0


def test_the_same_prompt_again_is_cached_but_for_its_last_token(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf) as engine:
        first, second = (ask(engine, request(chat(LONG * 20))) for _ in range(2))
    assert first.usage.cached_tokens == 0
    assert second.usage.cached_tokens == second.usage.prompt_tokens - 1


def test_a_shared_head_of_cold_requests_is_evaluated_once(tiny_gguf: Path) -> None:
    asked = [request(chat(LONG * 20 + str(n))) for n in range(8)]
    with engine_of(tiny_gguf) as engine:
        usages = [result.usage for result in ask_together(engine, asked)]
    new = [usage.prompt_tokens - usage.cached_tokens for usage in usages]
    assert max(new) == usages[0].prompt_tokens
    assert sum(new) - max(new) < 8 * 16


def test_a_chat_that_goes_on_evaluates_only_what_is_new(tiny_gguf: Path) -> None:
    ascii_only = dict.fromkeys([*range(128, 256), 388, 390], -100.0)
    with engine_of(tiny_gguf, n_seq=4) as engine:
        turns: dict[int, list[str]] = {n: [f"hello {n}"] for n in range(4)}
        for step in range(4):
            for session, said in turns.items():
                asked = request(
                    chat(*said), max_tokens=12, seed=step, grammar="root ::= [a-z ]+", logit_bias=ascii_only
                )
                usage = ask_into(engine, said, asked)
                if step:
                    assert usage <= 20, (session, step)


def ask_into(engine: EngineProcess, said: list[str], asked: GenerationRequest) -> int:
    """Ask, put answer and next question into ``said``; returns how many prompt tokens were evaluated."""
    result = ask(engine, asked)
    said += [result.text, "what is it"]
    return result.usage.prompt_tokens - result.usage.cached_tokens


def test_more_than_the_cells_hold_is_written_all_the_same(tiny_gguf: Path) -> None:
    no_end = {390: -100.0, 388: -100.0}
    asked = [request(chat(f"{n} {LONG * 5}"), max_tokens=120, logit_bias=no_end) for n in range(10)]
    with engine_of(tiny_gguf, n_ctx=512) as engine:
        results = ask_together(engine, asked)
    assert [result.usage.completion_tokens for result in results] == [120] * 10


def test_an_answer_that_fills_the_context_ends_with_length(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, n_ctx=256) as engine:
        result = ask(engine, request("hello", max_tokens=5000, logit_bias={390: -100.0, 388: -100.0}))
    assert result.finish_reason == "length"
    assert result.usage.prompt_tokens + result.usage.completion_tokens == 256


def test_greedy_answers_do_not_depend_on_neighbours(tiny_gguf: Path) -> None:
    asked = [request(chat(f"hello {n}"), temperature=0, max_tokens=20) for n in range(6)]
    alone = [_fresh(tiny_gguf, one).text for one in asked[:2]]
    with engine_of(tiny_gguf) as engine:
        together = [result.text for result in ask_together(engine, asked)]
    assert together[:2] == alone


def test_a_cancelled_request_ends_with_what_there_is(engine: EngineProcess) -> None:
    ticket, answer = begin(engine, request(chat("hello"), max_tokens=2000, logit_bias={390: -100.0, 388: -100.0}))
    assert answer.began.wait(30)
    engine.cancel(ticket)
    started = time.monotonic()
    result = answer.result()
    assert result.finish_reason == "cancelled"
    assert result.usage.completion_tokens < 2000 - 1
    assert time.monotonic() - started < 5


def test_a_request_that_is_cancelled_while_it_waits_never_starts(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, n_seq=1) as engine:
        first, long = begin(engine, request(chat("hello"), max_tokens=1500, logit_bias={390: -100.0, 388: -100.0}))
        ticket, answer = begin(engine, request(chat("machine")))
        engine.cancel(ticket)
        assert answer.result().usage.completion_tokens == 0
        engine.cancel(first)
        assert long.result().finish_reason == "cancelled"


def test_a_request_with_a_timeout_ends_in_time(engine: EngineProcess) -> None:
    asked = request(chat("hello"), max_tokens=2000, timeout=0.001)
    assert isinstance(begin(engine, asked)[1].outcome(), EngineTimeout)


def test_a_full_queue_says_so(tiny_gguf: Path) -> None:
    with engine_of(tiny_gguf, n_seq=1, n_queue=2) as engine:
        asked = request(chat("hello"), max_tokens=300)
        outcomes = [answer.outcome() for _, answer in [begin(engine, asked) for _ in range(8)]]
    assert any(isinstance(outcome, EngineBusy) for outcome in outcomes)
    assert any(isinstance(outcome, GenerationResult) for outcome in outcomes)


def test_log_probabilities_are_those_of_the_written_tokens(engine: EngineProcess) -> None:
    result = ask(engine, request("hello", temperature=0, repeat_penalty=1.0, logprobs=3))
    assert result.logprobs is not None
    assert len(result.logprobs) == result.usage.completion_tokens
    for entry in result.logprobs:
        assert len(entry.top) == 3
        assert entry.logprob == entry.top[0][1] == max(value for _, value in entry.top)
        assert sum(math.exp(value) for _, value in entry.top) <= 1.0001


def test_nobody_pays_for_log_probabilities_that_were_not_asked_for(engine: EngineProcess) -> None:
    assert ask(engine, request("hello")).logprobs is None


def test_requests_with_other_adapters_write_otherwise_side_by_side(tiny_gguf: Path, tiny_lora: Path) -> None:
    kinds = (None, {str(tiny_lora): 1.0}, {str(tiny_lora): 0.4})
    asked = [request("hello machine", temperature=0, max_tokens=12, lora=kind) for kind in kinds]
    with engine_of(tiny_gguf) as engine:
        alone = [ask(engine, one) for one in asked]
        together = ask_together(engine, asked)
    assert len({result.text for result in alone}) == 3
    assert [result.text for result in together] == [result.text for result in alone]
    assert all(result.usage.cached_tokens == 0 for result in alone)


def test_an_adapter_of_the_model_is_used_by_requests_that_name_none(tiny_gguf: Path, tiny_lora: Path) -> None:
    asked = request("hello machine", temperature=0, max_tokens=12)
    with engine_of(tiny_gguf, adapters=((str(tiny_lora), 1.0),)) as engine:
        adapted, bare = (
            ask(engine, asked),
            ask(engine, request("hello machine", temperature=0, max_tokens=12, lora={})),
        )
    assert adapted.text != bare.text == _fresh(tiny_gguf, asked).text


def test_a_bad_adapter_fails_its_request_alone(engine: EngineProcess, tiny_gguf: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.gguf"
    torn.write_bytes(write_tiny_lora(tmp_path / "whole.gguf").read_bytes()[:600])
    wide = write_tiny_lora(tmp_path / "wide.gguf", width=96)
    for path in (tmp_path / "none.gguf", torn, wide, tiny_gguf):
        outcome = begin(engine, request("hello", lora={str(path): 1.0}))[1].outcome()
        assert isinstance(outcome, AdapterError), path
    assert ask(engine, request("hello")).usage.prompt_tokens > 0


def test_a_bad_adapter_of_the_model_is_an_adapter_error(tiny_gguf: Path, tmp_path: Path) -> None:
    with pytest.raises(AdapterError), engine_of(tiny_gguf, adapters=((str(tmp_path / "none.gguf"), 1.0),)):
        pass


def test_a_hostile_template_fails_its_requests_alone(tiny_gguf: Path) -> None:
    loops = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    with engine_of(tiny_gguf, chat_template=loops) as engine:
        assert isinstance(begin(engine, request(chat("hello")))[1].outcome(), ChatTemplateError)
        assert ask(engine, request("hello")).usage.prompt_tokens > 0


def test_an_embedding_model_gives_a_vector_of_length_one_for_each_text(tiny_embedding_gguf: Path) -> None:
    with engine_of(tiny_embedding_gguf) as engine:
        assert engine.wait_ready().can_embed
        texts = [f"hello {n} {LONG}" for n in range(20)]
        vectors = engine.call("embed", {"texts": [*texts, texts[0]]})
        alone = engine.call("embed", {"texts": texts[:1]})[0]
    assert len(vectors) == 21
    assert all(abs(math.hypot(*vector) - 1) < 1e-4 for vector in vectors)
    assert max(abs(a - b) for a, b in zip(vectors[0], vectors[20], strict=True)) < 1e-2
    assert max(abs(a - b) for a, b in zip(vectors[0], alone, strict=True)) < 1e-2
    assert max(abs(a - b) for a, b in zip(vectors[0], vectors[1], strict=True)) > 1e-3


def test_a_text_too_long_to_embed_names_the_counts(tiny_embedding_gguf: Path) -> None:
    with engine_of(tiny_embedding_gguf) as engine, pytest.raises(ContextLengthExceeded):
        engine.call("embed", {"texts": [LONG * 600]})


def test_a_model_that_cannot_embed_says_so(engine: EngineProcess) -> None:
    with pytest.raises(EngineError, match="embedding model"):
        engine.call("embed", {"texts": ["hello"]})
