from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ("llm", "scripts/setup", "scripts/test", "scripts/check", "scripts/soak", "scripts/lock", ".ci/run")
BATCHES = ("llm.cmd", "scripts/setup.cmd")


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
def test_a_script_is_executable_and_the_shell_understands_it(name: str) -> None:
    shell = "bash" if name == ".ci/run" else "sh"
    done = subprocess.run([shell, "-n", str(ROOT / name)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert os.access(ROOT / name, os.X_OK)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != ".ci/run"])
@pytest.mark.skipif(not shutil.which("dash"), reason="dash shows what is not POSIX")
def test_a_script_needs_no_more_than_a_posix_shell(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert not re.search(r"\[\[|<<<|\bfunction \w|\blocal \w|\$'", text)


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_file_goes_only_to_labels_that_it_has(name: str) -> None:
    text = (ROOT / name).read_text(encoding="ascii")
    assert set(re.findall(r"goto (\w+)", text)) <= set(re.findall(r"^:(\w+)", text, re.MULTILINE))


def test_both_launchers_look_for_the_same_mark() -> None:
    for name in ("llm", "llm.cmd"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert ".muai-lock" in text
        assert "run.lock " in text
        assert "mm_orch.main" in text
        assert "PYTHONSAFEPATH" in text
