"""What a run began with comes back from its tape as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import StorageError
from mm_orch.parts import load_catalogue
from mm_orch.recording.recorded_run import QUERY, WORKFLOW, Beginning, Choice, beginning_of, choice_of, file_hash
from mm_orch.recording.tape import Tape
from mm_orch.records.limits import Limits
from mm_orch.records.message import Message
from mm_orch.records.query import Query
from mm_orch.records.route import Alternative, Route
from mm_orch.storage.memory import MemoryStore

CATALOGUE = load_catalogue()[1]


async def test_question_limits_inputs_and_route_come_back() -> None:
    store = MemoryStore(10**6)
    run = (await store.begin(Query("茶?"))).id
    tape = Tape(run, [], store)
    limits = Limits(hits=2, generation={"seed": 1, "temperature": 0.5})
    beginning = Beginning(Query("茶?", None, "s", {"n": "2"}, "zh"), limits, "ab12", {"model": "m"})
    definition = CATALOGUE.get("chat_generate")
    given = {"message": "茶?", "history": [Message("user", "hi"), Message("assistant", "hello")]}
    inputs = definition.inputs_from(given)
    route = Route("chat_generate", 0.5, "because", (Alternative("search_qa", 0.25),))
    await tape.write(QUERY, "", None, beginning)
    choice = Choice("chat_generate", file_hash(definition.path), inputs, route)
    await tape.write(WORKFLOW, "", None, choice)
    calls = await store.calls(run)
    assert beginning_of(run, calls) == beginning
    again = choice_of(calls)
    assert again
    assert (again.workflow, again.route, again.definition) == ("chat_generate", route, choice.definition)
    assert definition.inputs_from({name: again.inputs[name] for name in definition.inputs}) == inputs


def test_a_run_of_which_nothing_is_kept_is_named() -> None:
    with pytest.raises(StorageError, match="nothing is recorded of run 'r'"):
        beginning_of("r", [])
    assert choice_of([]) is None


def test_the_hash_is_of_the_workflows_file(tmp_path: Path) -> None:
    hashes = {file_hash(definition.path) for definition in CATALOGUE.definitions.values()}
    assert len(hashes) == len(CATALOGUE.definitions)
