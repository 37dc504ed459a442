"""The options that ask, chat and lesson share, and what they mean for the settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, get_type_hints

import typer

from mm_orch.errors import InvalidInput

if TYPE_CHECKING:
    from mm_orch.settings import Settings

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings over config.yaml. 另加的配置文件")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout. 输出 JSON")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show prompts, logs and tracebacks. 显示提示词和细节")]
_SCALED = re.compile(r"(?P<file>.+):(?P<scale>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII)
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a command that asks a model was given; None where it was not."""

    real_models: Annotated[
        bool | None,
        typer.Option(
            "--real-models/--mock",
            help="A real model, or the built-in mock. 使用真实模型或内置模拟",
            show_default=False,
        ),
    ] = None
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="NAME",
            help="A name from models.yaml, a .gguf file, or user/repo[:QUANT]; implies --real-models. 指定模型",
        ),
    ] = None
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="NAME", help="Skip the router. 指定工作流，不经过路由")
    ] = None
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="A,B",
            help="Search providers in order: ddgs, searxng, corpus … 搜索来源，按顺序尝试",
        ),
    ] = None
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="auto|zh|en", help="Language of prompts and answer. 提示词和回答的语言"),
    ] = None
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="Continue (or begin) a conversation. 继续某次会话")
    ] = None
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="KEY=VALUE", help="An input of the workflow; repeatable. 工作流的输入参数"),
    ] = None
    max_tokens: Annotated[
        int | None,
        typer.Option("--max-tokens", "--n-predict", "-n", metavar="N", help="Most new tokens. 最多生成的 token 数"),
    ] = None
    ctx_size: Annotated[
        int | None, typer.Option("--ctx-size", "-c", metavar="N", help="Context in tokens. 上下文长度")
    ] = None
    threads: Annotated[int | None, typer.Option("--threads", "-t", metavar="N", help="CPU threads. CPU 线程数")] = (
        None
    )
    temperature: Annotated[
        float | None,
        typer.Option("--temperature", "--temp", metavar="X", help="0 always picks the likeliest token. 随机性"),
    ] = None
    top_p: Annotated[float | None, typer.Option("--top-p", metavar="X", help="Nucleus sampling. 核采样")] = None
    top_k: Annotated[int | None, typer.Option("--top-k", metavar="N", help="Likeliest tokens only. 候选词数量")] = (
        None
    )
    repeat_penalty: Annotated[
        float | None, typer.Option("--repeat-penalty", metavar="X", help="Above 1 avoids repetition. 重复惩罚")
    ] = None
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="For the same draw again. 随机种子")] = (
        None
    )
    gpu_layers: Annotated[
        int | None,
        typer.Option("--n-gpu-layers", "-ngl", metavar="N", help="Layers on the GPU, -1 all. 放到 GPU 的层数"),
    ] = None
    lora: Annotated[
        list[str] | None,
        typer.Option(
            "--lora", "--lora-adapter", metavar="FILE[:SCALE]", help="A LoRA adapter; repeatable. LoRA 适配器"
        ),
    ] = None
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Open no network connection. 不使用网络", show_default=False)
    ] = None
    save: Annotated[
        list[str] | None,
        typer.Option(
            "--save", metavar="FILE", help="Write the answer to a .md, .html or .json file; repeatable. 保存回答"
        ),
    ] = None
    json: AsJson = False
    stream: Annotated[
        bool, typer.Option("--stream/--no-stream", help="Show the answer as it is written. 是否边生成边显示")
    ] = True
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, notes or warnings. 不显示进度和提示")] = False
    verbose: Verbose = False
    config: ConfigFile = None

    def settings(self) -> Settings:
        """The settings with these options over them. Raises ``UsageError`` and ``SettingsError``."""
        from mm_orch import settings

        if self.model is not None and self.real_models is False:
            raise InvalidInput("model_and_mock")
        return settings.load(self.config, self._overrides())

    def spoken(self, question: str) -> str:
        """What to speak to whoever asks ``question``: what --language names, else its own language."""
        from mm_orch.language.detection import detect

        return self.language if self.language and self.language != "auto" else detect(question)

    def inputs(self) -> dict[str, str]:
        """The ``--param`` inputs by name."""
        pairs = [param.partition("=") for param in self.param or ()]
        for name, sign, _ in pairs:
            if not sign or not name.strip():
                raise InvalidInput("param_no_value", name=name)
        return {name.strip(): value for name, _, value in pairs}

    def adapters(self) -> dict[str, float]:
        """LoRA files with their scales; a scale is split off only where a number follows the last colon."""
        return dict(_adapter(text) for text in self.lora or ())

    def _overrides(self) -> dict[str, Any]:
        generation = ("max_tokens", "temperature", "top_p", "top_k", "repeat_penalty", "seed")
        return {
            "real_models": True if self.model is not None else self.real_models,
            "model": self.model,
            "language": self.language,
            "offline": self.offline,
            "search.providers": None if self.search is None else self.search.split(","),
            **{f"generation.{name}": getattr(self, name) for name in generation},
            **{f"engine.{name}": getattr(self, name) for name in ("ctx_size", "threads", "gpu_layers")},
        }


def with_run_options(command: Callable[Concatenate[RunOptions, P], None]) -> Callable[..., None]:
    """Give a command every field of ``RunOptions`` as an option of its own; it gets them as one, in first place."""
    names = [field.name for field in fields(RunOptions)]

    def expanded(**values: Any) -> None:
        chosen = {name: values.pop(name) for name in names}
        command(RunOptions(**chosen), **values)  # type: ignore[call-arg]

    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]
    hints = get_type_hints(RunOptions, include_extras=True)
    shared = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(RunOptions)
    ]
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own] + shared
    expanded.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    expanded.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    expanded.__doc__ = command.__doc__
    return expanded


def _adapter(text: str) -> tuple[str, float]:
    found = _SCALED.fullmatch(text)
    return (found["file"], float(found["scale"])) if found else (text, 1.0)
