"""What must not take the engine down: damaged files, requests that mean harm, too little memory, long service."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import ChatTemplateError, EngineCrashed, EngineError, GrammarError, ModelError, MuAIError
from mm_orch.records.generation import GenerationResult
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.load_spec import LoadSpec
from tests.engine.asking import ask, ask_together, begin, chat, engine_of, request
from tests.fixtures.tiny_gguf import write_tiny_gguf

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and limits address space")


@pytest.fixture(scope="module")
def engine(tiny_gguf: Path) -> Iterator[EngineProcess]:
    with engine_of(tiny_gguf) as engine:
        yield engine


def is_well(engine: EngineProcess) -> bool:
    return ask(engine, request("hello", logit_bias={390: -100.0, 388: -100.0})).usage.completion_tokens == 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("count", [200, pytest.param(2000, marks=[pytest.mark.soak, pytest.mark.timeout(1200)])])
def test_damaged_headers_are_refused_and_hang_nobody(tiny_gguf: Path, tmp_path: Path, count: int) -> None:
    command = [sys.executable, "-m", "tests.engine.mutants", str(tiny_gguf), str(tmp_path), str(count), "7"]
    environment = {**os.environ, "GGML_NO_BACKTRACE": "1"}
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, env=environment, check=True)
    outcome = json.loads(done.stdout)
    assert sum(outcome["counts"].values()) == count
    assert outcome["counts"]["refused"] > count / 4
    assert "hung" not in outcome["counts"]
    assert "astray" not in outcome["counts"], done.stderr[-2000:]
    assert outcome["counts"].get("died", 0) <= count / 100
    for path in outcome["kept"].get("died", []):
        with pytest.raises(MuAIError), engine_of(Path(path), n_ctx=256) as engine:
            ask(engine, request("hello", max_tokens=2))


@on_linux
def test_a_file_that_is_truncated_while_it_is_loaded_ends_the_child_at_most(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "tiny.gguf")
    with engine_of(path) as engine:
        os.truncate(path, 4096)
        outcome = begin(engine, request(chat("hello")))[1].outcome()
        assert isinstance(outcome, (GenerationResult, EngineCrashed))
    with pytest.raises(ModelError, match="truncated"), engine_of(path):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "root",
        'ROOT ::= "a"',
        'root ::= "a" | undefined',
        "root ::= a\na ::= b\nb ::= a",
        'root ::= a? root "x"\na ::= "a"',
        'root ::= ("a"',
        "root ::= " + "(" * 10_000 + '"a"' + ")" * 10_000,
        'root ::= "a"{4000000000}',
        'root ::= "\\x',
        'root ::= "a"{3,1}',
        'root ::= ("a"?){500} "b"',
        'root ::= "a"?{500} "b"',
        'root ::= x{0,500} "b"\nx ::= "a"*',
        'root ::= "a"{' + "9" * 5000 + "}",
        "root ::= \ud800",
        "\0",
    ],
)
def test_a_bad_grammar_is_an_error_of_its_request(engine: EngineProcess, text: str) -> None:
    assert isinstance(begin(engine, request("hello", grammar=text))[1].outcome(), GrammarError)
    assert is_well(engine)


@pytest.mark.parametrize("text", ["root ::= [z-a]", 'root ::= "\\x00"'])
def test_a_grammar_that_allows_nothing_is_an_error_and_not_a_wait(engine: EngineProcess, text: str) -> None:
    outcome = begin(engine, request("hello", grammar=text, max_tokens=50))[1].outcome()
    assert isinstance(outcome, GrammarError)
    assert "no token" in str(outcome)
    assert is_well(engine)


@pytest.mark.parametrize("text", ["root ::= ", 'root ::= ""', 'root ::= "a"{0,0}'])
def test_a_grammar_of_the_empty_text_gives_the_empty_text(engine: EngineProcess, text: str) -> None:
    result = ask(engine, request("hello", grammar=text, max_tokens=50))
    assert (result.text, result.finish_reason) == ("", "stop")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "no such type"},
        {"$ref": "#/definitions/none"},
        {"$ref": "https://example.invalid/schema.json"},
        {"type": "string", "pattern": "(" * 500},
        {"enum": []},
        {"type": "array", "minItems": 10, "maxItems": 2},
        {"a": {1, 2}},
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error_of_its_request(engine: EngineProcess, schema: object) -> None:
    try:
        outcome = begin(engine, request("hello", json_schema=schema))[1].outcome()
    except MuAIError as error:
        outcome = error
    assert isinstance(outcome, (MuAIError, GenerationResult))
    assert is_well(engine)


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 400000000 }}",
        "{{ 'x' | center(400000000) }}",
        "{{ messages[0].__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_hostile_template_is_an_error_and_nothing_else(tiny_gguf: Path, template: str) -> None:
    try:
        with engine_of(tiny_gguf, chat_template=template) as engine:
            assert isinstance(begin(engine, request(chat("hello")))[1].outcome(), ChatTemplateError)
            assert is_well(engine)
    except ChatTemplateError:
        # One that is computed while it compiles never loads.
        assert "center" in template


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1.5, 1e9, "1", None, True])
@pytest.mark.parametrize("name", ["temperature", "top_p", "min_p", "typical_p", "repeat_penalty"])
def test_sampling_values_out_of_range_are_refused_before_they_are_sent(name: str, value: object) -> None:
    with pytest.raises(MuAIError, match=name):
        GenerationConfig(**{name: value})


@pytest.mark.parametrize(
    "config",
    [
        {"temperature": 100.0},
        {"temperature": 1e-38},
        {"top_p": 0.0},
        {"typical_p": 0.0},
        {"min_p": 1.0},
        {"top_k": 1 << 20},
        {"repeat_penalty": 0.01, "repeat_last_n": -1, "presence_penalty": -100.0},
        {"logit_bias": dict.fromkeys(range(391), -math.inf)},
        {"logit_bias": {5: math.inf, 6: math.inf}},
        {"logit_bias": {-1: 5.0, 1 << 31: 5.0, 5: 1e38}},
        {"logprobs": 100, "temperature": 0},
        {"stop": ["\ud800", "a" * 100_000]},
    ],
)
def test_values_at_the_edge_end_in_an_answer_or_an_error(engine: EngineProcess, config: dict[str, object]) -> None:
    outcome = begin(engine, request("hello", **config))[1].outcome()
    assert isinstance(outcome, (GenerationResult, EngineError))
    assert not isinstance(outcome, EngineCrashed)
    assert is_well(engine)


@on_linux
@pytest.mark.parametrize("megabytes", [60, 250, 700])
def test_a_child_with_too_little_memory_is_an_error(tiny_gguf: Path, megabytes: int) -> None:
    import resource

    engine = EngineProcess(LoadSpec(str(tiny_gguf), 65_536, 1, kv_type="f32"), load_timeout_s=60)
    engine.start()
    try:
        limit = megabytes << 20
        resource.prlimit(engine.pid or 0, resource.RLIMIT_AS, (limit, limit))
        try:
            engine.wait_ready()
            outcome = begin(engine, request("hello" * 500))[1].outcome()
        except MuAIError as error:
            outcome = error
        assert isinstance(outcome, (GenerationResult, MuAIError))
        assert megabytes > 60 or isinstance(outcome, MuAIError)
    finally:
        engine.close()


@on_linux
@pytest.mark.parametrize("count", [150, pytest.param(1000, marks=[pytest.mark.soak, pytest.mark.timeout(1200)])])
def test_long_service_takes_no_more_memory_and_opens_no_files(tiny_gguf: Path, count: int) -> None:
    with engine_of(tiny_gguf) as engine:
        pid = engine.pid or 0
        serve(engine, 50)
        # The caches of pieces and cells are full by now.
        before, files = resident(pid), open_files(pid)
        serve(engine, count)
        assert resident(pid) <= before * 1.05
        assert open_files(pid) == files


def serve(engine: EngineProcess, count: int) -> None:
    """Chats, raw text, structure and log probabilities, eight at a time."""
    kinds = ({}, {"temperature": 0}, {"grammar": "root ::= [a-z ]{6}"}, {"logprobs": 2, "repeat_penalty": 1.3})
    for start in range(0, count, 8):
        numbers = range(start, start + 8)
        ask_together(engine, [request(chat(f"hello {n} machine" * 8), **kinds[n % 4]) for n in numbers])


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd")) + len(os.listdir("/proc/self/fd"))
