"""Fetching from a hub: only what was asked for, checked, into the standard cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.errors import DownloadError, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import model_loader
from mm_orch.runtime.download_progress import DownloadProgress
from mm_orch.runtime.downloads import Download, fetch_if_missing, pull
from tests.fixtures.hub import Hub, Repo


@pytest.fixture
def small(tiny_gguf: Path, hub: Hub) -> Repo:
    """A repository with two quantizations (of the same bytes) and things that are not models."""
    content = tiny_gguf.read_bytes()
    names = ("m-q4_k_m.gguf", "m-q8_0.gguf")
    hub.repos["user/small"] = Repo({**dict.fromkeys(names, content), "run.py": b"1", "mmproj-f16.gguf": b"2"})
    return hub.repos["user/small"]


def test_one_file_is_fetched_and_is_found_afterwards_without_the_hub(small: Repo, hub: Hub) -> None:
    path = pull("user/small")
    assert path.read_bytes() == small.files["m-q4_k_m.gguf"]
    assert hub.downloads() == ["m-q4_k_m.gguf"]
    hub.repos.clear()
    assert model_loader.resolve(ModelConfig(model_name="user/small")) == path


def test_what_is_there_is_not_fetched_again(small: Repo, hub: Hub) -> None:
    assert pull("user/small:Q8_0") == pull("user/small", quantization="8bit")
    assert hub.downloads() == ["m-q8_0.gguf"]


def test_all_parts_of_a_split_file_are_fetched(hub: Hub) -> None:
    parts = {f"big-Q4_K_M-0000{number}-of-00002.gguf": bytes([number]) * 100 for number in (1, 2)}
    hub.repos["user/big"] = Repo(parts)
    path = pull("user/big")
    assert path.name == "big-Q4_K_M-00001-of-00002.gguf"
    assert sorted(hub.downloads()) == sorted(parts)
    assert (path.parent / "big-Q4_K_M-00002-of-00002.gguf").is_file()


def test_it_tells_what_it_will_fetch_before_it_does_and_how_far_it_is(small: Repo, hub: Hub) -> None:
    told: list[tuple[Download, list[str]]] = []
    steps: list[DownloadProgress] = []
    pull("user/small", announce=lambda download: told.append((download, hub.downloads())), progress=steps.append)
    size = len(small.files["m-q4_k_m.gguf"])
    [(download, fetched_by_then)] = told
    assert (download.repo, download.size, fetched_by_then) == ("user/small", size, [])
    assert "hub-cache" in str(download.folder)
    assert (steps[-1].name, steps[-1].done, steps[-1].total) == ("m-q4_k_m.gguf", size, size)


def test_a_connection_that_breaks_is_tried_again(small: Repo, hub: Hub) -> None:
    small.breaks.add("m-q4_k_m.gguf")
    assert pull("user/small").read_bytes() == small.files["m-q4_k_m.gguf"]
    assert hub.downloads() == ["m-q4_k_m.gguf"] * 2


def test_content_that_is_not_what_the_hub_said_is_deleted(small: Repo) -> None:
    small.lies.add("m-q4_k_m.gguf")
    with pytest.raises(DownloadError, match="sha256"):
        pull("user/small")
    assert model_loader.find(ModelConfig(model_name="user/small")) is None


def test_content_that_is_not_what_the_user_pinned_is_deleted(small: Repo) -> None:
    with pytest.raises(DownloadError, match="0000"):
        pull("user/small", sha256="0" * 64)
    assert model_loader.find(ModelConfig(model_name="user/small")) is None


@pytest.mark.parametrize("name", ["../evil.gguf", "a/../../evil.gguf", "/evil.gguf", "a\\evil.gguf", "C:evil.gguf"])
def test_a_name_that_would_leave_the_folder_is_refused(hub: Hub, name: str) -> None:
    hub.repos["user/evil"] = Repo({name: b"x"})
    with pytest.raises(DownloadError, match="leave its folder"):
        pull("user/evil")
    assert hub.downloads() == []


@pytest.mark.parametrize(
    ("status", "code", "error", "said"),
    [
        (404, "RepoNotFound", ModelNotFound, "no repository"),
        (401, "RepoNotFound", ModelNotFound, "HF_TOKEN"),
        (401, "", DownloadError, "HF_TOKEN"),
        (403, "GatedRepo", DownloadError, "permission"),
        (403, "", DownloadError, "403"),
        (500, "", DownloadError, "500"),
    ],
)
def test_a_hub_that_refuses_is_one_clear_error(
    hub: Hub, status: int, code: str, error: type[Exception], said: str
) -> None:
    hub.repos["user/small"] = Repo({"m.gguf": b"x"}, status=status, error_code=code)
    with pytest.raises(error, match=said) as raised:
        pull("user/small")
    assert "user/small" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("answer", ["a page of a hotel's network", "[]", '{"siblings": [{}]}', '{"siblings": 7}'])
def test_an_answer_that_is_no_hubs_is_one_clear_error(hub: Hub, answer: str) -> None:
    hub.repos["user/small"] = Repo({}, answer=answer)
    with pytest.raises(DownloadError, match="user/small"):
        pull("user/small")


def test_a_hub_that_is_not_there_is_one_clear_error(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(DownloadError, match="HF_ENDPOINT"):
        pull("user/small")


def test_a_revision_that_is_not_there_is_named(small: Repo) -> None:
    with pytest.raises(ModelNotFound, match="revision"):
        pull("user/small", revision="v9")


@pytest.mark.parametrize("name", ["small", "user/small/more", "../x", "user/..", "user/small:", ""])
def test_a_name_that_is_no_repository_is_refused(name: str) -> None:
    with pytest.raises(ModelNotFound, match="user/repo"):
        pull(name)


def test_offline_asks_nobody(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelNotFound, match="muai pull user/small"):
        fetch_if_missing(ModelConfig(model_name="user/small"), True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(DownloadError, match="offline"):
        pull("user/small")
    assert hub.requests == []


def test_a_missing_model_is_fetched_at_first_use(small: Repo, hub: Hub) -> None:
    config = ModelConfig(model_name="user/small")
    assert fetch_if_missing(config, False) == fetch_if_missing(config, True)
    assert len(hub.downloads()) == 1


def test_the_hub_learns_nothing_but_who_asks(small: Repo, hub: Hub) -> None:
    pull("user/small")
    agents = {agent for _, _, _, agent in hub.requests}
    assert all(agent.startswith("muai/") for agent in agents)
    assert not any("torch" in agent or "agent/" in agent for agent in agents)
    assert all("/small" in path for _, path, _, _ in hub.requests)
