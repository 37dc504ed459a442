"""Which file of a repository is taken."""

from __future__ import annotations

import pytest

from mm_orch.errors import ModelNotFound
from mm_orch.runtime.file_choice import choose

QWEN = [
    "README.md",
    "qwen2-q2_k.gguf",
    "qwen2-q4_k_m.gguf",
    "qwen2-q4_0.gguf",
    "qwen2-q8_0.gguf",
    "mmproj-f16.gguf",
]
SPLIT = ["big-Q4_K_M-00002-of-00002.gguf", "big-Q4_K_M-00001-of-00002.gguf", "big-Q8_0.gguf"]


@pytest.mark.parametrize(
    ("names", "asked", "chosen"),
    [
        (QWEN, {}, ("qwen2-q4_k_m.gguf",)),
        (QWEN, {"quantization": "4bit"}, ("qwen2-q4_k_m.gguf",)),
        (QWEN, {"quantization": "8bit"}, ("qwen2-q8_0.gguf",)),
        (QWEN, {"quantization": "Q2_K"}, ("qwen2-q2_k.gguf",)),
        (QWEN, {"filename": "*Q4_0.gguf"}, ("qwen2-q4_0.gguf",)),
        (QWEN, {"filename": "*q2*", "quantization": "8bit"}, ("qwen2-q2_k.gguf",)),
        (["only-F16.gguf", "mmproj-F16.gguf"], {}, ("only-F16.gguf",)),
        (
            ["Phi-3-mini-4k-instruct-q4.gguf", "Phi-3-mini-4k-instruct-fp16.gguf"],
            {},
            ("Phi-3-mini-4k-instruct-q4.gguf",),
        ),
        (SPLIT, {}, (SPLIT[1], SPLIT[0])),
        (SPLIT, {"filename": "big-q4_k_m.gguf"}, (SPLIT[1], SPLIT[0])),
        (SPLIT, {"filename": "*q4_k_m*.gguf"}, (SPLIT[1], SPLIT[0])),
        (["Q8_0/m-Q8_0.gguf", "Q4_0/m-Q4_0.gguf"], {}, ("Q4_0/m-Q4_0.gguf",)),
    ],
)
def test_it_takes_the_file_that_was_meant(names: list[str], asked: dict[str, str], chosen: tuple[str, ...]) -> None:
    assert choose(names, repo="user/repo", **asked) == chosen


@pytest.mark.parametrize(
    ("names", "asked", "said"),
    [
        (["README.md"], {}, "no GGUF file"),
        (["a-f16.gguf", "a-f32.gguf"], {}, "there are: a-f16.gguf, a-f32.gguf"),
        (QWEN, {"quantization": "Q5_K_M"}, "no file of quantization 'Q5_K_M'"),
        (QWEN, {"filename": "*.gguf"}, "more than"),
        (QWEN, {"filename": "phi*.gguf"}, "no file 'phi"),
        (SPLIT[:1], {}, "1 of 2 parts"),
    ],
)
def test_it_says_which_files_there_are(names: list[str], asked: dict[str, str], said: str) -> None:
    with pytest.raises(ModelNotFound, match=said.replace("*", r"\*")) as raised:
        choose(names, repo="user/repo", **asked)
    assert "user/repo" in str(raised.value)
