from pathlib import Path
from typing import Any

from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.workflow_result import StepTiming, WorkflowResult
from mm_orch.workflows.outcome import outcome
from tests.fixtures.definitions import made
from tests.fixtures.steps import prompt

STEPS = "steps: [{id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}]"
INFO = EngineInfo("a-model", "mock", None)


def outcome_of(folder: Path, output: str, state: dict[str, Any]) -> WorkflowResult:
    definition = made(folder, f"{STEPS}\noutput: {output}", prompt("ask", "{question}"))
    return outcome(definition, state, INFO, 2.0)


def test_the_answer_is_text_without_blanks_around_it(tmp_path: Path) -> None:
    done = outcome_of(tmp_path, "{answer: text}", {"text": " So. \n"})
    assert done.result == done.answer == "So."
    assert (done.status, done.data, done.model, done.provider) == ("ok", None, "a-model", "mock")


def test_an_answer_that_no_step_wrote_is_empty(tmp_path: Path) -> None:
    assert outcome_of(tmp_path, "{answer: text}", {}).answer == ""


def test_data_is_the_result_where_there_is_some(tmp_path: Path) -> None:
    done = outcome_of(tmp_path, "{answer: text, data: {asked: query}}", {"text": "So.", "query": "Why?"})
    assert done.result == done.data == {"asked": "Why?"}
    assert done.answer == "So."


def test_records_are_artefacts_where_a_step_wrote_them(tmp_path: Path) -> None:
    output = "{answer: text, support: count, artefacts: {asked: query, ledger: text}}"
    assert outcome_of(tmp_path, output, {"query": "Why?"}).artefacts == {"asked": "Why?"}


def test_a_warning_is_told_once_and_the_rounds_of_a_step_count_together(tmp_path: Path) -> None:
    steps = [StepTiming("say", "generate", 0.5), StepTiming("say", "generate", 0.25)]
    state = {"warnings": ["a", "b", "a"], "degraded": True, "steps": steps}
    done = outcome_of(tmp_path, "{answer: text}", state)
    assert (done.warnings, done.status) == (("a", "b"), "degraded")
    assert done.timings == {"say": 0.75, "total": 2.0}
    assert done.steps == tuple(steps)
