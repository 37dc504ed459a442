"""Makes and completes .venv from the hash-pinned locks.

``scripts/setup`` and ``scripts/setup.cmd`` start it with a suitable Python; the launcher does so through them.
Standard library only, and one file: it runs isolated, before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NATIVE = "llama-cpp-python"
CMAKE_ARGS = {"cuda": "-DGGML_CUDA=on", "vulkan": "-DGGML_VULKAN=on", "metal": "-DGGML_METAL=on", "cpu": ""}
BUILD_TOOLS = {"cuda": ("nvcc", "the CUDA toolkit"), "vulkan": ("glslc", "the Vulkan SDK (libvulkan-dev, glslc)")}
PIP = ("-I", "-m", "pip", "--disable-pip-version-check", "--no-input")


class SetupError(Exception):
    """What is missing, and what to do."""


def chinese() -> bool:
    """Whether the person at the terminal reads Chinese, by the environment's locale."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return named.lower().startswith(("zh", "chinese"))


def say(english: str, in_chinese: str) -> None:
    """One line on stderr: stdout belongs to the answer."""
    print(f"MuAI: {in_chinese if chinese() else english}", file=sys.stderr, flush=True)


class Environment:
    """``.venv`` of the checkout at ``root``.

    ``.venv/.muai-lock`` holds a line for each lock that is installed, ``NAME SHA256``. It is taken away before
    anything is changed and written last. ``.venv/.muai-build`` names the accelerator llama.cpp was built for.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.marker = self.folder / ".muai-lock"
        self.build_file = self.folder / ".muai-build"
        self.log = self.folder / ".muai-install.log"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / name

    def mark(self, name: str) -> str:
        """The marker's line for a lock; dev.lock holds run.lock's versions, so it is good for both."""
        return f"{name} {hashlib.sha256(self.lock(name).read_bytes()).hexdigest()}"

    def is_ready(self, name: str) -> bool:
        try:
            marks = self.marker.read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return self.mark(name) in marks and self.works()

    def works(self) -> bool:
        """Whether its interpreter starts, is new enough and has pip."""
        check = "import sys, pip; sys.exit(1 if sys.version_info < (3, 11) else 0)"
        try:
            done = subprocess.run([str(self.python), "-I", "-c", check], capture_output=True, check=False)
        except OSError:
            return False
        return done.returncode == 0

    def build(self) -> str:
        try:
            return self.build_file.read_text(encoding="utf-8").strip() or "cpu"
        except OSError:
            return "cpu"

    def complete(self, name: str, build: str | None) -> None:
        """Install lock ``name``; with ``build`` compile llama.cpp for that accelerator, whatever pip has cached."""
        if not self.works():
            say(f"making {self.folder} with Python {sys.version.split()[0]}", f"正在创建 {self.folder}")
            subprocess.run([sys.executable, "-I", "-m", "venv", "--clear", str(self.folder)], check=True)
        self.marker.unlink(missing_ok=True)
        accelerator = build or self.build()
        environment = dict(os.environ)
        options = ["--require-hashes"]
        if accelerator != "cpu":
            # pip's cache does not know what a wheel was built for.
            environment["CMAKE_ARGS"] = CMAKE_ARGS[accelerator]
            options.append("--no-cache-dir")
        if self.has_native(name) or (accelerator == "cpu" and self.has_cached_wheel()):
            say(
                "installing what requirements/ names: a minute or less",
                "正在安装 requirements/ 中列出的包：不超过一分钟",
            )
        else:
            check_compiler()
            say(
                "installing; llama.cpp is compiled once, for this machine: about 4 minutes on 2 cores",
                "正在安装；llama.cpp 会针对本机编译一次：2 核约 4 分钟",
            )
        self.pip(["install", *options, "-r", str(self.lock(name))], environment)
        if build is not None:
            self.rebuild(name, environment)
        self.build_file.write_text(f"{accelerator}\n", encoding="utf-8")
        marks = dict.fromkeys((self.mark("run.lock"), self.mark(name)))
        self.marker.write_text("".join(f"{mark}\n" for mark in marks), encoding="utf-8")

    def rebuild(self, name: str, environment: dict[str, str]) -> None:
        """Compile llama-cpp-python again; its pinned hash holds, pip's cached wheel does not count."""
        check_compiler()
        with tempfile.TemporaryDirectory() as folder:
            only = Path(folder) / "native.lock"
            only.write_text(entry_of(self.lock(name).read_text(encoding="utf-8"), NATIVE), encoding="utf-8")
            again = ["--force-reinstall", "--no-cache-dir", "--no-binary", NATIVE, "--no-deps"]
            self.pip(["install", "--require-hashes", *again, "-r", str(only)], environment)

    def has_native(self, name: str) -> bool:
        """Whether the llama-cpp-python that the lock names is installed, or the lock names none."""
        pinned = entry_of(self.lock(name).read_text(encoding="utf-8"), NATIVE).split()
        if not pinned:
            return True
        project, version = pinned[0].split("==")
        return any(self.folder.glob(f"**/site-packages/{project.replace('-', '_')}-{version}.dist-info"))

    def has_cached_wheel(self) -> bool:
        asked = [str(self.python), *PIP, "cache", "list", NATIVE.replace("-", "_"), "--format=abspath"]
        done = subprocess.run(asked, capture_output=True, encoding="utf-8", errors="replace", check=False)
        return done.returncode == 0 and bool(done.stdout.strip())

    def pip(self, arguments: Sequence[str], environment: dict[str, str]) -> None:
        """Run pip with a sign of life. Raises ``SetupError`` with the end of its log."""
        environment = {name: value for name, value in environment.items() if name != "PIP_USER"}
        command = [str(self.python), *PIP, *arguments]
        pipe: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        text: dict[str, Any] = {"encoding": "utf-8", "errors": "replace"}
        with (
            self.log.open("w", encoding="utf-8") as log,
            subprocess.Popen(command, env=environment, **pipe, **text) as process,
        ):
            assert process.stdout is not None
            with SignOfLife() as sign:
                for line in process.stdout:
                    log.write(line)
                    sign.last = line.strip() or sign.last
        if process.returncode != 0:
            end = "\n".join(self.log.read_text(encoding="utf-8").splitlines()[-25:])
            raise SetupError(f"{end}\n\npip failed; its whole log is {self.log}")


class SignOfLife:
    """Tells on stderr every so often how long pip has been at work, and at what."""

    def __init__(self) -> None:
        self.last = ""
        self._started = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> SignOfLife:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _tick(self) -> None:
        terminal = sys.stderr.isatty()
        while not self._over.wait(1 if terminal else 20):
            minutes, seconds = divmod(int(time.monotonic() - self._started), 60)
            line = f"  {minutes}:{seconds:02} {self.last}"
            if terminal:
                print(
                    f"\r\033[K{line[: shutil.get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True
                )
            else:
                print(line[:116], file=sys.stderr, flush=True)


def entry_of(lock: str, package: str) -> str:
    """The lines of one package in a lock: its name with version, and its hashes."""
    lines: list[str] = []
    for line in lock.splitlines():
        if not line.startswith((" ", "\t")) and lines:
            break
        if lines or line.startswith(f"{package}=="):
            lines.append(line)
    return "\n".join(lines) + "\n"


def check_compiler() -> None:
    """Raise ``SetupError`` naming the package when nothing here can compile llama.cpp."""
    if not has_compiler():
        message = f"要编译 llama.cpp，需要 C++ 编译器：{install_compiler()}"
        english = f"a C++ compiler is needed to build llama.cpp: {install_compiler()}"
        raise SetupError(message if chinese() else english)


def has_compiler() -> bool:
    programs = (os.environ.get("CXX", "c++"), "c++", "g++", "clang++", "cl")
    if sys.platform == "darwin":
        # /usr/bin/c++ is there also without the tools; it only offers to install them.
        return subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode == 0
    if sys.platform == "win32":
        installer = Path(os.environ.get("PROGRAMFILES(X86)", ""), "Microsoft Visual Studio/Installer/vswhere.exe")
        needed = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"
        asked = [str(installer), "-products", "*", "-requires", needed, "-property", "installationPath"]
        if installer.is_file() and subprocess.run(asked, capture_output=True, check=False).stdout.strip():
            return True
    return any(map(shutil.which, programs))


def install_compiler() -> str:
    commands = {
        "apt-get": "sudo apt-get install g++",
        "dnf": "sudo dnf install gcc-c++",
        "zypper": "sudo zypper install gcc-c++",
        "pacman": "sudo pacman -S gcc",
        "apk": "sudo apk add g++",
    }
    if sys.platform == "darwin":
        return "xcode-select --install"
    if sys.platform == "win32":
        return "winget install Microsoft.VisualStudio.2022.BuildTools"
    return next((command for tool, command in commands.items() if shutil.which(tool)), "install g++ or clang++")


def check_accelerator(build: str) -> None:
    """Raise ``SetupError`` when what ``build`` is compiled with is not here."""
    if build == "metal" and sys.platform != "darwin":
        raise SetupError("--metal is for macOS; use --cuda or --vulkan")
    tool, name = BUILD_TOOLS.get(build, ("", ""))
    if tool and not shutil.which(tool):
        raise SetupError(f"--{build} needs {name}: {tool!r} is not on the PATH")


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """One setup at a time. The system lets go of the lock when its holder dies, so none is ever stale."""
    try:
        handle = (root / ".venv.lock").open("a+", encoding="utf-8")
    except OSError as problem:
        raise SetupError(f"{root} cannot be written: {problem.strerror}") from problem
    with handle:
        told = False
        while not _try_lock(handle.fileno()):
            if not told:
                say("another setup is at work here; waiting for it", "另一个安装正在进行，等待其完成")
                told = True
            time.sleep(0.2)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/setup", description="Make or complete .venv from the locks.")
    parser.add_argument(
        "--run", action="store_true", help="what MuAI needs to run, without the tools for development"
    )
    builds = parser.add_mutually_exclusive_group()
    for build in ("cuda", "vulkan", "metal", "cpu"):
        text = f"compile llama.cpp again, {'for the CPU' if build == 'cpu' else f'with {CMAKE_ARGS[build]}'}"
        builds.add_argument(f"--{build}", dest="build", action="store_const", const=build, help=text)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 0 ready, 1 failed, 130 interrupted."""
    chosen = parse(arguments)
    environment, name = Environment(ROOT), "run.lock" if chosen.run else "dev.lock"
    try:
        if chosen.build:
            check_accelerator(chosen.build)
        with alone(ROOT):
            if chosen.build is None and environment.is_ready(name):
                return 0
            environment.complete(name, chosen.build)
        say(f"{environment.folder} is ready", f"{environment.folder} 已就绪")
    except (SetupError, subprocess.CalledProcessError) as problem:
        say(str(problem), str(problem))
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next start goes on from here", "已中断；下次启动会继续")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
