"""The wheel by itself: built, installed into a fresh environment, run from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = ("config", "prompts", "workflows", "docs")
READMES = ("README.md", "README.zh-CN.md")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MuAI's wheel, built with the hatchling that is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), folder=ROOT)
    return next(folder.glob("muai-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment that holds the wheel and nothing else."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv), folder=venv.parent)
    run(sys.executable, "-m", "pip", "--python", str(venv), "install", "--no-deps", "--no-index", str(wheel),
        folder=venv.parent)  # fmt: skip
    return venv / ("Scripts" if os.name == "nt" else "bin")


def run(*command: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, encoding="utf-8", timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def dependencies() -> str:
    """What MuAI depends on, as a path: .pth files do not count there, so the checkout cannot leak in."""
    return os.pathsep.join(dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))))


def shipped_files() -> list[str]:
    folders = [ROOT / name for name in DATA]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts]


def test_the_wheel_holds_the_data_folders_and_both_readmes(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [name for name in (*shipped_files(), *READMES) if f"mm_orch/_data/{name}" not in names]
    assert not missing
    assert {"workflows/search_qa.yaml", "workflows/routing/search_qa.en.txt"} <= set(shipped_files())


def test_the_wheel_holds_every_module_and_neither_tests_nor_scripts(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    modules = [path.relative_to(ROOT).as_posix() for path in (ROOT / "mm_orch").rglob("*.py")]
    assert not set(modules) - set(names)
    assert all(name.startswith(("mm_orch/", "muai-")) for name in names)


def test_the_installed_package_is_the_wheels_and_reads_its_own_data(installed: Path, tmp_path: Path) -> None:
    code = (
        "import mm_orch; from mm_orch import resources, settings\n"
        "print(mm_orch.__file__); print(resources.shipped('prompts')); print(len(settings.models()))"
    )
    python = str(installed / "python")
    package, prompts, models = run(
        python, "-P", "-c", code, folder=tmp_path, PYTHONPATH=dependencies()
    ).splitlines()
    assert Path(package).is_relative_to(installed.parent)
    assert Path(prompts).is_relative_to(Path(package).parent / "_data")
    assert int(models) > 0


@pytest.mark.parametrize(
    ("command", "question"), [("muai", "What is a queue?"), ("muai", "什么是队列？"), ("-m", "What is a queue?")]
)
def test_a_mock_query_runs_from_an_empty_folder(
    installed: Path, tmp_path: Path, command: str, question: str
) -> None:
    program = [str(installed / "python"), "-m", "mm_orch.main"] if command == "-m" else [str(installed / command)]
    said = run(*program, "--mock", question, folder=tmp_path, PYTHONPATH=dependencies())
    assert "[mock]" in said
    assert not list(tmp_path.iterdir())
