"""``muai bench``: how fast a model is on this machine, as a table, JSON and a plot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mm_orch.cli import failure, screen, start
from mm_orch.cli.downloads_view import DownloadsView, human_size
from mm_orch.cli.options import AsJson, ConfigFile, Verbose
from mm_orch.cli.progress import progress
from mm_orch.errors import InvalidInput

if TYPE_CHECKING:
    from mm_orch.records.engine_info import EngineInfo
    from mm_orch.runtime.speed import Speed
    from mm_orch.settings import Settings


def bench(
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME", help="Another model than the default. 指定模型")
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, max=1000, metavar="N", help="Medians of N rounds. 测量轮数")
    ] = 3,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="Draw the result into a file. 画成 SVG 图")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", "-t", metavar="N", help="CPU threads. CPU 线程数")
    ] = None,
    ctx_size: Annotated[
        int | None, typer.Option("--ctx-size", "-c", metavar="N", help="Context in tokens. 上下文长度")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress. 不显示进度")] = False,
    json: AsJson = False,
    config: ConfigFile = None,
    verbose: Verbose = False,
) -> None:
    """Measure a model on this machine: first token, prompt, answers, memory. 测量模型在本机的速度"""
    from mm_orch import settings

    start.over()
    if plot is not None and not plot.absolute().parent.is_dir():
        raise InvalidInput("plot_no_folder", path=str(plot))
    changes = {"real_models": True, "model": model, "engine.threads": threads, "engine.ctx_size": ctx_size}
    info, speed = _measure(settings.load(config, changes), rounds, quiet=quiet, verbose=verbose)
    if plot is not None:
        _draw(plot, info, speed)
    if json:
        failure.print_document(document(info, speed))
        return
    for line in table(info, speed):
        screen.out(line)


def document(info: EngineInfo, speed: Speed) -> dict[str, Any]:
    """The result for ``--json``: seconds, tokens a second, bytes."""
    return {
        "model": info.model,
        "device": info.device,
        "context": info.context_length,
        "first_token_seconds": round(speed.first_token, 4),
        "first_token_prompt_tokens": speed.question_tokens,
        "prefill_tokens_per_second": round(speed.prefill, 1),
        "decode_tokens_per_second": round(speed.decode, 1),
        "streams_tokens_per_second": {str(count): round(value, 1) for count, value in speed.streams.items()},
        "model_memory_bytes": speed.model_memory,
        "own_memory_bytes": speed.own_memory,
    }


def table(info: EngineInfo, speed: Speed) -> list[str]:
    """The result for people, the bars below it."""
    from mm_orch.cli.bench_plot import text_bars

    rows = [f"{value:>9}  {meaning}" for value, meaning in _facts(speed)]
    bars = ["", "answers together, tokens/s 同时回答数，每秒 token", *text_bars(speed.streams)]
    return [f"{info.model} on {info.device}, context {info.context_length} tokens", *rows, *bars]


def _facts(speed: Speed) -> list[tuple[str, str]]:
    memory = [(speed.model_memory, "memory of the model 模型内存"), (speed.own_memory, "memory of MuAI 自身内存")]
    return [
        (f"{speed.first_token:.2f} s", f"first token of a {speed.question_tokens}-token prompt 首个 token"),
        (f"{speed.prefill:.0f} t/s", "reading a prompt 读取提示词"),
        (f"{speed.decode:.0f} t/s", "writing an answer 生成回答"),
        *((human_size(size), meaning) for size, meaning in memory if size),
    ]


def _measure(chosen: Settings, rounds: int, *, quiet: bool, verbose: bool) -> tuple[EngineInfo, Speed]:
    from mm_orch.parts import make_manager
    from mm_orch.runtime.inference_engine import InferenceEngine
    from mm_orch.runtime.speed import measure

    shown = progress(quiet=quiet, verbose=verbose)
    view = DownloadsView(shown)
    try:
        with make_manager(chosen, announce=view.announce, progress=view.progress) as manager:
            engine = InferenceEngine(manager=manager)
            return engine.describe(), measure(engine, rounds, told=shown.say)
    finally:
        shown.close()


def _draw(file: Path, info: EngineInfo, speed: Speed) -> None:
    from mm_orch.cli.bench_plot import svg

    drawing = svg(
        f"{info.model} on {info.device}", [f"{value}  {text}" for value, text in _facts(speed)], speed.streams
    )
    try:
        file.write_text(drawing, encoding="utf-8")
    except OSError as error:
        raise InvalidInput("option_not_written", option="--plot", path=str(file), why=error.strerror) from error
