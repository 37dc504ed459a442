"""How a model may be named."""

from __future__ import annotations

import pytest

from mm_orch.runtime.model_name import RepositoryName, is_path, repository


@pytest.mark.parametrize(
    ("name", "repo", "quantization", "filename"),
    [
        ("user/repo", "user/repo", None, None),
        ("user/repo:Q8_0", "user/repo", "Q8_0", None),
        ("user/repo:m-q4.gguf", "user/repo", None, "m-q4.gguf"),
        ("u.s-er/re_po:*q4*", "u.s-er/re_po", None, "*q4*"),
    ],
)
def test_a_repository_may_name_a_quantization_or_a_file(
    name: str, repo: str, quantization: str | None, filename: str | None
) -> None:
    found = repository(name)
    assert isinstance(found, RepositoryName)
    assert (found.repo, found.quantization, found.filename) == (repo, quantization, filename)


@pytest.mark.parametrize(
    "name", ["word", "", "a/b/c", "a/..", "../a", "a/-b", "a--b/c", "a/b:", "用户/模型", "a/b.gguf", "~/b"]
)
def test_what_is_written_otherwise_is_none(name: str) -> None:
    assert repository(name) is None


@pytest.mark.parametrize(
    ("name", "path"),
    [
        *dict.fromkeys(("/a", "./a", "..\\a", "~/a", "a.GGUF", "C:a.gguf"), True).items(),
        *dict.fromkeys(("user/repo:a.gguf", "user/repo", "word"), False).items(),
    ],
)
def test_a_file_is_written_with_its_folder_or_its_ending(name: str, path: bool) -> None:
    assert is_path(name) is path
