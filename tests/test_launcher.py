"""The launcher and scripts/setup, on a checkout whose lock names one tiny wheel: no network, no compiler."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import os, sys
import nothing
print(nothing.VERSION, sys.argv[1:], os.getcwd())
sys.exit(7 if "--fail" in sys.argv else 0)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="the launcher on Windows is llm.cmd"),
    pytest.mark.timeout(300),
]


def make_wheel(folder: Path, version: str) -> str:
    """A wheel of the package ``nothing``; returns its lock entry."""
    name = f"nothing-{version}-py3-none-any.whl"
    info = f"nothing-{version}.dist-info"
    files = {
        "nothing.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: nothing\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{checksum(text.encode())},{len(text)}\n" for path, text in files.items())
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for path, text in (*files.items(), (f"{info}/RECORD", f"{record}{info}/RECORD,,\n")):
            wheel.writestr(path, text)
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return f"nothing=={version} \\\n    --hash=sha256:{digest}\n"


def checksum(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


BACKEND = """
import os, pathlib, zipfile
def build_wheel(folder, settings=None, metadata=None):
    name = "llama_cpp_python-1.0-py3-none-any.whl"
    info = "llama_cpp_python-1.0.dist-info/"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("llama_cpp.py", f"BUILD = {os.environ.get('CMAKE_ARGS', '')!r}")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: llama-cpp-python\\nVersion: 1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "llama-cpp-python"
version = "1.0"
"""


def make_source(folder: Path) -> str:
    """A source archive of llama-cpp-python whose build notes CMAKE_ARGS; returns its lock entry."""
    top = folder / "llama_cpp_python-1.0"
    top.mkdir()
    (top / "backend.py").write_text(BACKEND, encoding="utf-8")
    (top / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (top / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: llama-cpp-python\nVersion: 1.0\n", encoding="utf-8")
    with tarfile.open(folder / f"{top.name}.tar.gz", "w:gz") as archive:
        archive.add(top, arcname=top.name)
    shutil.rmtree(top)
    digest = hashlib.sha256((folder / f"{top.name}.tar.gz").read_bytes()).hexdigest()
    return f"llama-cpp-python==1.0 \\\n    --hash=sha256:{digest}\n"


class Checkout:
    """A copy of the launcher and its scripts, in a folder with a space in its name."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my checkout"
        self.wheels = folder / "wheels"
        self.elsewhere = folder / "elsewhere"
        for made in (
            self.root / "scripts",
            self.root / "requirements",
            self.root / "mm_orch",
            self.wheels,
            self.elsewhere,
        ):
            made.mkdir(parents=True)
        shutil.copy(ROOT / "llm", self.root)
        for name in ("setup", "environment.py"):
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        (self.root / "mm_orch/__init__.py").touch()
        (self.root / "mm_orch/main.py").write_text(PROGRAM, encoding="utf-8")
        self.entries = {version: make_wheel(self.wheels, version) for version in ("1.0", "2.0")}
        self.pin("1.0")

    @property
    def marker(self) -> Path:
        return self.root / ".venv/.muai-lock"

    def pin(self, version: str) -> None:
        for lock in ("run.lock", "dev.lock"):
            extra = "# tools for development\n" if lock == "dev.lock" else ""
            (self.root / "requirements" / lock).write_text(extra + self.entries[version], encoding="utf-8")

    def start(self, *command: str, path: str | None = None) -> subprocess.Popen[str]:
        environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "LANG": "C.UTF-8"}
        environment |= {"PATH": path} if path else {}
        return subprocess.Popen(
            command, cwd=self.elsewhere, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip

    def run(self, *command: str, path: str | None = None) -> tuple[int, str, str]:
        process = self.start(*command, path=path)
        said, told = process.communicate(timeout=120)
        return process.returncode, said, told

    def llm(self, *arguments: str, path: str | None = None) -> tuple[int, str, str]:
        return self.run(str(self.root / "llm"), *arguments, path=path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str]:
    """A checkout after its first start, and what that start told on stderr."""
    checkout = Checkout(tmp_path_factory.mktemp("first"))
    code, said, told = checkout.llm("a question", "--json")
    assert code == 0, told
    assert said == f"1.0 ['a question', '--json'] {checkout.elsewhere}\n"
    return checkout, told


@pytest.fixture
def checkout(prepared: tuple[Checkout, str]) -> Checkout:
    checkout = prepared[0]
    checkout.pin("1.0")
    return checkout


def only_these(folder: Path, names: Sequence[str]) -> str:
    """A PATH that holds only these programs."""
    folder.mkdir(exist_ok=True)
    for name in names:
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return str(folder)


SHELL = ("sh", "dirname", "readlink", "sha256sum", "shasum", "cut", "grep", "uname")


def test_the_first_start_says_what_it_does_on_stderr(prepared: tuple[Checkout, str]) -> None:
    assert "making" in prepared[1]
    assert "is ready" in prepared[1]


def test_the_second_start_is_silent_and_needs_no_other_python(checkout: Checkout, tmp_path: Path) -> None:
    checkout.llm()
    path = only_these(tmp_path / "bin", SHELL)
    code, said, told = checkout.llm("again", path=path)
    assert (code, told) == (0, "")
    assert said.startswith("1.0 ['again']")


def test_the_exit_code_is_the_programs(checkout: Checkout) -> None:
    assert checkout.llm("--fail")[0] == 7


def test_it_works_through_a_symlink_and_arguments_arrive_whole(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(checkout.root / "llm")
    (tmp_path / "two").symlink_to("one")
    arguments = ["什么是 $HOME?", "", 'a "b"']
    code, said, _ = checkout.run(str(tmp_path / "two"), *arguments)
    assert code == 0
    assert said == f"1.0 {arguments} {checkout.elsewhere}\n"


def test_a_folder_of_the_callers_cannot_stand_in_for_ours(checkout: Checkout) -> None:
    (checkout.elsewhere / "nothing.py").write_text("VERSION = 'wrong'\n", encoding="utf-8")
    try:
        assert checkout.llm()[1].startswith("1.0 ")
    finally:
        (checkout.elsewhere / "nothing.py").unlink()


def test_a_changed_lock_is_installed_at_the_next_start(checkout: Checkout) -> None:
    checkout.pin("2.0")
    code, said, told = checkout.llm()
    assert code == 0, told
    assert said.startswith("2.0 ")
    assert checkout.llm()[2] == ""


def test_an_interrupted_installation_is_completed(checkout: Checkout) -> None:
    checkout.marker.unlink()
    shutil.rmtree(next(checkout.root.glob(".venv/lib/*/site-packages/nothing-*.dist-info")))
    code, said, told = checkout.llm()
    assert (code, said[:4]) == (0, "1.0 "), told


def test_a_venv_whose_interpreter_is_gone_is_made_again(checkout: Checkout) -> None:
    for python in checkout.root.glob(".venv/bin/python*"):
        python.unlink()
    code, said, told = checkout.llm()
    assert (code, said[:4]) == (0, "1.0 "), told
    assert "making" in told


def test_a_wrong_hash_is_refused_and_leaves_no_marker(checkout: Checkout) -> None:
    lock = checkout.root / "requirements/run.lock"
    lock.write_text(f"nothing==2.0 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    code, said, told = checkout.llm()
    assert (code, said) == (1, "")
    assert "DO NOT MATCH" in told
    assert not checkout.marker.exists()


def test_an_environment_for_development_is_good_enough_to_run(checkout: Checkout) -> None:
    code, _, told = checkout.run("sh", str(checkout.root / "scripts/setup"))
    assert code == 0, told
    assert checkout.llm()[2] == ""
    assert len(checkout.marker.read_text(encoding="utf-8").splitlines()) == 2


def test_two_launchers_at_once_wait_for_each_other(checkout: Checkout) -> None:
    checkout.pin("2.0")
    both = [checkout.start(str(checkout.root / "llm"), name) for name in ("one", "two")]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("is ready" in told for _, told in said) == 1
    assert all(text.startswith("2.0 ") for text, _ in said)


def test_a_killed_setup_does_not_lock_the_next_one_out(checkout: Checkout) -> None:
    checkout.marker.unlink(missing_ok=True)
    process = checkout.start("sh", str(checkout.root / "scripts/setup"), "--run")
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    code, _, told = checkout.llm()
    assert code == 0, told


def test_an_old_python3_is_passed_over(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "here")
    path = Path(only_these(tmp_path / "bin", SHELL))
    fake(path / "python3", "exit 1")
    fake(path / "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    (path / "python3.11").symlink_to(sys.executable)
    code, said, told = checkout.llm(path=str(path))
    assert (code, said[:4]) == (0, "1.0 "), told


@pytest.mark.parametrize(
    ("tool", "python", "expected"),
    [
        ("apt-get", "exit 1", "apt-get install python3 python3-venv"),
        ("dnf", "exit 1", "dnf install python3.12"),
        ("brew", "exit 1", "brew install python@3.12"),
        (
            "apt-get",
            'case "$3" in *ensurepip*) exit 1;; *print*) echo 3.11;; esac',
            "apt-get install python3.11-venv",
        ),
    ],
)
def test_what_is_missing_is_named_with_its_package(tmp_path: Path, tool: str, python: str, expected: str) -> None:
    checkout = Checkout(tmp_path / "here")
    path = Path(only_these(tmp_path / "bin", SHELL))
    fake(path / "python3", python)
    fake(path / tool, "exit 0")
    code, said, told = checkout.llm(path=str(path))
    assert (code, said) == (1, "")
    assert expected in told


def test_a_missing_compiler_is_named_before_anything_is_installed(checkout: Checkout, tmp_path: Path) -> None:
    lock = checkout.root / "requirements/run.lock"
    lock.write_text(f"llama-cpp-python==0.0.1 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    path = Path(only_these(tmp_path / "bin", SHELL))
    (path / "python3").symlink_to(sys.executable)
    fake(path / "apt-get", "exit 0")
    code, _, told = checkout.run(
        "env", f"PIP_CACHE_DIR={tmp_path}", f"PATH={path}", "sh", str(checkout.root / "scripts/setup"), "--run"
    )
    assert code == 1
    assert "apt-get install g++" in told


def test_an_accelerator_is_built_past_pips_cache_and_remembered(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "here")
    program = "import llama_cpp, nothing\nprint(nothing.VERSION, llama_cpp.BUILD)\n"
    (checkout.root / "mm_orch/main.py").write_text(program, encoding="utf-8")
    source = make_source(checkout.wheels)
    checkout.entries = {version: entry + source for version, entry in checkout.entries.items()}
    checkout.pin("1.0")
    (tmp_path / "bin").mkdir()
    for name in ("c++", "glslc"):
        fake(tmp_path / "bin" / name, "exit 0")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    setup = ("env", f"PIP_CACHE_DIR={tmp_path / 'cache'}", "sh", str(checkout.root / "scripts/setup"), "--run")

    assert checkout.run(*setup, path=path)[0] == 0
    assert checkout.llm() == (0, "1.0 \n", "")
    code, _, told = checkout.run(*setup, "--vulkan", path=path)
    assert code == 0, told
    assert checkout.llm() == (0, "1.0 -DGGML_VULKAN=on\n", "")
    checkout.pin("2.0")
    assert checkout.llm(path=path)[1] == "2.0 -DGGML_VULKAN=on\n"
    assert checkout.run(*setup, "--cpu", path=path)[0] == 0
    assert checkout.llm() == (0, "2.0 \n", "")


@pytest.mark.parametrize(("flag", "needs"), [("--cuda", "nvcc"), ("--vulkan", "glslc"), ("--metal", "macOS")])
def test_an_accelerator_whose_tools_are_missing_is_refused_at_once(tmp_path: Path, flag: str, needs: str) -> None:
    checkout = Checkout(tmp_path / "here")
    path = Path(only_these(tmp_path / "bin", SHELL))
    (path / "python3").symlink_to(sys.executable)
    code, _, told = checkout.run("sh", str(checkout.root / "scripts/setup"), "--run", flag, path=str(path))
    assert code == 1
    assert needs in told
    assert not (checkout.root / ".venv").exists()


def test_ctrl_c_ends_the_setup_with_130_and_leaves_no_marker(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "here")
    process = checkout.start(str(checkout.root / "llm"))
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode in (130, -signal.SIGINT)  # a shell reports both as 130
    assert said == ""
    assert not checkout.marker.exists()


def fake(program: Path, body: str) -> None:
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
