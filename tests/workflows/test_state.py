import operator
from pathlib import Path
from typing import get_args, get_type_hints

from mm_orch.records.usage import Usage
from mm_orch.workflows.state import state_type
from tests.fixtures.definitions import made
from tests.fixtures.steps import prompt

SAY = """
steps:
  - {id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""


def test_inputs_and_what_steps_write_are_keys_and_the_rest_adds_up(tmp_path: Path) -> None:
    hints = get_type_hints(state_type(made(tmp_path, SAY, prompt("ask", "{question}"))), include_extras=True)
    gathered = {"warnings", "usage", "steps", "degraded", "rounds"}
    assert set(hints) == {"language", "query", "count", "text"} | gathered
    added = {name: get_args(hints[name])[1] for name in gathered}
    assert added["warnings"](["a"], ["b"]) == ["a", "b"]
    assert added["steps"] is operator.add
    assert added["usage"](Usage(1, 0, 2), Usage(3, 1, 4)) == Usage(4, 1, 6)
    assert added["degraded"](False, True)
    assert added["rounds"]({"a": 1}, {"a": 2, "b": 1}) == {"a": 2, "b": 1}
