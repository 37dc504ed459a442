"""Fetching from a hub: only what was asked for, checked, into the standard cache."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mm_orch.errors import DownloadError, ModelNotFound
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime import model_loader
from mm_orch.runtime.download_progress import DownloadProgress
from mm_orch.runtime.downloads import Download, fetch_if_missing
from tests.fixtures.hub import Hub, Repo, pull


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


def test_content_that_is_not_what_the_user_pinned_is_not_even_fetched(small: Repo, hub: Hub) -> None:
    with pytest.raises(DownloadError, match="0000"):
        pull("user/small", sha256="0" * 64)
    assert hub.downloads() == []
    assert pull("user/small", sha256=small.sha256("m-q4_k_m.gguf").upper()).is_file()


def test_a_file_in_the_cache_that_was_damaged_is_found_out_and_fetched_anew(small: Repo, hub: Hub) -> None:
    path = pull("user/small")
    path.resolve().write_bytes(b"other")
    with pytest.raises(DownloadError, match="deleted"):
        pull("user/small")
    assert pull("user/small").read_bytes() == small.files["m-q4_k_m.gguf"]


@pytest.fixture
def large(hub: Hub) -> bytes:
    """What ``user/large`` has, which takes several blocks."""
    hub.repos["user/large"] = Repo({"m-q4_0.gguf": random.Random(1).randbytes(5 << 20)})
    return hub.repos["user/large"].files["m-q4_0.gguf"]


def interrupt(progress: DownloadProgress) -> None:
    if progress.done > progress.total // 2:
        raise KeyboardInterrupt


@pytest.mark.parametrize("ignores_ranges", [False, True])
def test_an_interrupted_download_looks_unfinished_and_goes_on(hub: Hub, large: bytes, ignores_ranges: bool) -> None:
    hub.repos["user/large"].ignores_ranges = ignores_ranges
    with pytest.raises(KeyboardInterrupt):
        pull("user/large", progress=interrupt)
    assert model_loader.find(ModelConfig(model_name="user/large")) is None
    [partial] = _unfinished()
    assert 0 < partial.stat().st_size < len(large)
    begun = f"bytes={partial.stat().st_size}-"
    assert pull("user/large").read_bytes() == large
    assert hub.requests[-1][2].startswith(begun)
    assert _unfinished() == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_another_process_goes_on_where_one_was_killed(hub: Hub, large: bytes) -> None:
    script = (
        "import sys, time\n"
        "from tests.fixtures.hub import pull\n"
        "def told(progress):\n"
        "    if progress.done > progress.total // 2:\n"
        "        print(progress.done, flush=True)\n"
        "        time.sleep(60)\n"
        "pull('user/large', progress=told)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert killed.stdout is not None
    done = int(killed.stdout.readline())
    killed.kill()
    killed.wait()
    killed.stdout.close()
    assert model_loader.find(ModelConfig(model_name="user/large")) is None
    assert pull("user/large").read_bytes() == large
    begun = int(hub.requests[-1][2].removeprefix("bytes=").split("-")[0])
    assert begun >= done - (1 << 20)


def test_a_part_that_was_damaged_meanwhile_is_found_out(hub: Hub, large: bytes) -> None:
    with pytest.raises(KeyboardInterrupt):
        pull("user/large", progress=interrupt)
    [partial] = _unfinished()
    partial.write_bytes(b"x" * partial.stat().st_size)
    with pytest.raises(DownloadError, match="sha256"):
        pull("user/large")
    assert _unfinished() == []
    assert pull("user/large").read_bytes() == large


def test_two_who_fetch_at_once_get_the_same_whole_file(hub: Hub, large: bytes) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: pull("user/large"), range(4)))
    [path] = paths
    assert path.read_bytes() == large
    assert len(hub.downloads()) == 1


def test_the_commit_is_recorded_and_can_be_asked_for(small: Repo, hub: Hub) -> None:
    path = pull("user/small")
    assert path.parent.name == small.commit
    assert len(small.commit) == 40
    assert pull("user/small", revision=small.commit) == path
    assert f"/user/small/resolve/{small.commit}/m-q4_k_m.gguf" in [request[1] for request in hub.requests]
    found = model_loader.find(ModelConfig(model_name="user/small", revision="main"))
    assert found == path


@pytest.mark.parametrize("commit", ["../../../../evil", "main", "0" * 39])
def test_a_commit_that_is_none_is_refused(small: Repo, hub: Hub, tmp_path: Path, commit: str) -> None:
    small.told_commit = commit
    with pytest.raises(DownloadError, match="commit"):
        pull("user/small")
    assert hub.downloads() == []


def test_another_commit_than_the_pinned_one_is_refused(small: Repo) -> None:
    true = small.commit
    small.answer = json.dumps({"id": "user/small", "sha": "a" * 40, "siblings": []})
    with pytest.raises(DownloadError, match="aaaa"):
        pull("user/small", revision=true)


@pytest.mark.parametrize("evil", ["../../../../evil", "/evil", "..\\evil", ""])
def test_a_hash_that_would_leave_the_folder_is_refused(hub: Hub, tmp_path: Path, evil: str) -> None:
    hub.repos["user/evil"] = Repo({"m-q4_0.gguf": b"x"}, etag=evil, told_sha256=evil)
    if evil:
        with pytest.raises(DownloadError, match="cannot be checked"):
            pull("user/evil")
        assert hub.downloads() == []
    hub.repos["user/evil"].told_sha256 = ""
    before = _everything(tmp_path)
    path = pull("user/evil")
    assert path.read_bytes() == b"x"
    assert all("hub-cache" in str(new) for new in _everything(tmp_path) - before)


def test_a_file_kept_in_git_itself_is_checked_by_its_git_hash(hub: Hub) -> None:
    content, sha1 = b"hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"
    repo = Repo({"m.gguf": content}, told_commit="b" * 40)
    siblings = [{"rfilename": "m.gguf", "size": 6, "blobId": sha1}]
    repo.answer = json.dumps({"id": "user/git", "sha": repo.commit, "siblings": siblings})
    hub.repos["user/git"] = repo
    assert pull("user/git").resolve().name == sha1
    repo.answer = repo.answer.replace(sha1, "0" * 40)
    repo.told_commit = "c" * 40
    repo.answer = repo.answer.replace("b" * 40, "c" * 40)
    with pytest.raises(DownloadError, match="git sha1"):
        pull("user/git")


def test_a_disk_that_is_too_small_is_named_before_anything_comes(hub: Hub) -> None:
    repo = Repo({"m.gguf": b"x"})
    lfs = {"sha256": "0" * 64, "size": 1 << 60, "pointerSize": 1}
    siblings = [{"rfilename": "m.gguf", "size": 1 << 60, "lfs": lfs}]
    repo.answer = json.dumps({"id": "user/huge", "sha": repo.commit, "siblings": siblings})
    hub.repos["user/huge"] = repo
    with pytest.raises(DownloadError, match=r"GB left, [\d.]+ GB are to come"):
        pull("user/huge")
    assert hub.downloads() == []


def test_the_token_goes_to_the_hub_and_no_further(
    small: Repo, hub: Hub, other_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    small.moved_to = other_hub.url
    other_hub.repos["user/small"] = Repo(small.files)
    assert pull("user/small").read_bytes() == small.files["m-q4_k_m.gguf"]
    assert set(hub.tokens) == {"Bearer hf_secret"}
    assert other_hub.downloads() == ["m-q4_k_m.gguf"]
    assert set(other_hub.tokens) == {""}


def test_the_cache_is_where_hf_home_says(small: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HF_HUB_CACHE")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    assert (tmp_path / "hf" / "hub" / "models--user--small") in pull("user/small").parents


def test_the_cache_is_one_that_hugging_faces_own_tools_read(small: Repo) -> None:
    path = pull("user/small")
    import huggingface_hub

    cached = huggingface_hub.try_to_load_from_cache("user/small", path.name, os.environ["HF_HUB_CACHE"])
    assert cached == str(path)
    [repo] = huggingface_hub.scan_cache_dir(os.environ["HF_HUB_CACHE"]).repos
    assert (repo.repo_id, repo.nb_files) == ("user/small", 1)
    assert {ref for revision in repo.revisions for ref in revision.refs} == {"main"}


def _unfinished() -> list[Path]:
    return list(Path(os.environ["HF_HUB_CACHE"]).rglob("*.incomplete"))


def _everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


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


@pytest.mark.parametrize("name", ["small", "user/small/more", "../x", "user/..", "user/small:"])
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
