"""Imports go down the list of HOUSE's "Directions", never up and never sideways; read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mm_orch"

# Top first. Rooms on one line know nothing of each other.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("main",),
    ("cli", "server"),
    ("api",),
    ("app",),
    ("parts",),
    ("lessons", "training", "batch"),
    ("orchestrator",),
    ("routing",),
    ("workflows",),
    ("nodes",),
    ("runtime", "providers", "corpus", "storage", "recording", "exports"),
    ("engine",),
    ("checking", "retrieval", "exercises"),
    ("documents", "database", "settings", "prompts"),
    ("model_catalogue",),
    ("validation", "yaml_file"),
    ("processes",),
    ("language", "resources", "privacy"),
    ("protocols",),
    ("records",),
    ("errors",),
    ("words",),
)
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}

# (file, room it may import after all): the package's lazy names, default providers, the default catalogue.
EXCEPTIONS = {
    ("__init__.py", "api"),
    ("workflows/base.py", "parts"),
    ("runtime/real_model_manager.py", "settings"),
}
# The child process gets one resolved record: engine reads no settings, files of ours or texts.
ALLOWED_IN_ENGINE = {"engine", "processes", "records", "errors", "words"}
ONLY_RUNTIME_USES_ENGINE = {"engine", "runtime"}
NATIVE = "llama_cpp"


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path, package: Path = PACKAGE) -> str:
    first = path.relative_to(package).parts[0]
    return first.removesuffix(".py")


def imports(path: Path, package: Path = PACKAGE) -> Iterator[str]:
    """Every module that the file names in an import: at the top, in functions, for type checking, relative ones."""
    inside = ["mm_orch", *path.relative_to(package).with_suffix("").parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path, package: Path = PACKAGE) -> set[str]:
    named = (module.split(".") for module in imports(path, package))
    return {parts[1] for parts in named if parts[0] == "mm_orch" and len(parts) > 1 and is_room(parts[1], package)}


def is_room(name: str, package: Path) -> bool:
    return (package / name).is_dir() or (package / f"{name}.py").is_file()


def wrong_arrow(path: Path, package: Path = PACKAGE) -> str | None:
    name, room = path.relative_to(package).as_posix(), room_of(path, package)
    for target in sorted(rooms_imported(path, package)):
        if target == room or (name, target) in EXCEPTIONS:
            continue
        if target not in LEVEL or (room != "__init__" and room not in LEVEL):
            return f"{name}: {target if target not in LEVEL else room!r} is not a room of HOUSE's list"
        if room == "__init__" or LEVEL[target] <= LEVEL[room]:
            return f"{name}: {room} may not import {target}"
    return None


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down(path: Path) -> None:
    assert wrong_arrow(path) is None


def test_every_room_is_listed() -> None:
    rooms = {room_of(path) for path in sources()} - {"__init__"}
    assert rooms <= set(LEVEL)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("records/a.py", "from mm_orch.engine import context"),
        ("records/b.py", "import mm_orch.engine.context"),
        ("records/c.py", "from ..engine import context"),
        ("records/d.py", "def late():\n    from mm_orch.engine.context import x"),
        ("records/e.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mm_orch import engine"),
        ("records/f.py", "from .. import engine"),
        ("storage/a.py", "from mm_orch.providers import mock"),
        ("attic/a.py", "from mm_orch import errors"),
        ("records/g.py", "from mm_orch import attic"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, file: str, source: str) -> None:
    for name in ("records", "engine", "storage", "providers", "attic"):
        (tmp_path / name).mkdir()
    (tmp_path / "errors.py").touch()
    (tmp_path / file).write_text(source, encoding="utf-8")
    assert wrong_arrow(tmp_path / file, tmp_path) is not None


def test_a_right_import_is_not_complained_about(tmp_path: Path) -> None:
    for name in ("records", "engine", "language"):
        (tmp_path / name).mkdir()
    (tmp_path / "engine/a.py").write_text("from mm_orch.records import load_spec\nimport ast", encoding="utf-8")
    assert wrong_arrow(tmp_path / "engine/a.py", tmp_path) is None


def test_the_exceptions_are_still_needed() -> None:
    stale = {
        (name, room)
        for name, room in EXCEPTIONS
        if (PACKAGE / name).is_file() and room not in rooms_imported(PACKAGE / name)
    }
    assert not stale


def test_engine_is_used_by_runtime_alone() -> None:
    users = {room_of(path) for path in sources() if "engine" in rooms_imported(path)}
    assert users <= ONLY_RUNTIME_USES_ENGINE


def test_the_child_process_imports_no_settings_files_or_texts() -> None:
    for path in (path for path in sources() if room_of(path) == "engine"):
        assert rooms_imported(path) <= ALLOWED_IN_ENGINE, path


def test_llama_cpp_is_imported_in_engine_native_alone() -> None:
    users = {path.parent for path in sources() if any(name.split(".")[0] == NATIVE for name in imports(path))}
    assert users == {PACKAGE / "engine" / "native"}


def test_nodes_import_no_provider() -> None:
    for path in (path for path in sources() if room_of(path) == "nodes"):
        assert not rooms_imported(path) & {"providers", "runtime", "corpus", "storage", "exports"}, path


WITHOUT_NATIVE = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "llama_cpp":
            raise ImportError("llama_cpp is blocked")
sys.meta_path.insert(0, Blocked())
from mm_orch.main import main
code = main(sys.argv[1:])
assert "llama_cpp" not in sys.modules
sys.exit(code)
"""


def test_mock_mode_runs_where_llama_cpp_cannot_be_imported(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_NATIVE, "--mock", "What is a queue?"],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[mock]" in done.stdout


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import mm_orch; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert set(done.stdout.split()) <= {"mm_orch", "__future__"}
