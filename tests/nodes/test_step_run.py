"""What a step assumes of an engine that does not tell."""

from __future__ import annotations

from dataclasses import replace

from mm_orch.nodes.base import Deps
from mm_orch.nodes.step_run import StepRun
from mm_orch.prompts import PromptLibrary
from mm_orch.records.engine_info import Capabilities, EngineInfo
from mm_orch.runtime.mock_engine import MockEngine


class Silent(MockEngine):
    """An engine that tells nothing but its name."""

    async def info(self) -> EngineInfo:
        told = await super().info()
        return replace(told, provider="openai", context_length=None, n_params=None, can=Capabilities())


def run_with(engine: MockEngine) -> StepRun:
    return StepRun("step", Deps(engine, PromptLibrary(())), "en", lambda event: None)


async def test_a_model_of_unknown_size_is_taken_for_small() -> None:
    run = run_with(Silent())
    assert await run.is_smaller(1)
    assert not await run.has_at_least(1)


async def test_an_unknown_context_is_one_that_most_models_have() -> None:
    assert await run_with(Silent()).context_length() == 4096
    assert await run_with(MockEngine(context_length=512)).context_length() == 512
