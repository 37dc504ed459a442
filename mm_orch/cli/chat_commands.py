"""What a line of a chat means: a command that begins with a slash, or something to answer."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mm_orch.cli import screen
from mm_orch.cli.answer_view import print_sources
from mm_orch.cli.chat_state import AUTO, ChatState
from mm_orch.cli.stored import wait
from mm_orch.errors import InvalidInput
from mm_orch.language.detection import detect
from mm_orch.words import Sentence

LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Something to answer; ``workflow`` None leaves the choice to the router."""

    text: str
    workflow: str | None
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """``usage`` and ``help`` are what /help shows."""

    usage: str
    help: str
    act: Callable[[ChatState, str], Turn | None]


def meaning(state: ChatState, line: str) -> Turn | None:
    """The turn that ``line`` asks for; None when it was a command, which is done. ``//`` escapes a slash."""
    if not line.startswith("/") or line.startswith("//"):
        text = line.removeprefix("/") if line.startswith("//") else line
        return Turn(text, None if state.workflow == AUTO else state.workflow, state.options.inputs())
    name, _, rest = line[1:].partition(" ")
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        values = {"near": "/" + "".join(near), "known": " ".join(f"/{known}" for known in COMMANDS)}
        hint = Sentence("hint.nearest_command" if near else "hint.known", values)
        raise InvalidInput("unknown_command", name="/" + name, hint=hint)
    return COMMANDS[name].act(state, rest.strip())


def _help(state: ChatState, rest: str) -> None:
    width = max(len(command.usage) for command in COMMANDS.values())
    for command in COMMANDS.values():
        screen.note(f"{command.usage:<{width}}  {command.help}")


def _new(state: ChatState, rest: str) -> None:
    state.session_id, state.result = None, None
    screen.note("a new conversation begins")


def _model(state: ChatState, rest: str) -> None:
    if rest:
        state.use_model(rest)
    screen.note(state.greeting())
    if not rest:
        from mm_orch import settings

        screen.note(f"Configured: {', '.join(settings.models())}")


def _workflow(state: ChatState, rest: str) -> None:
    if rest:
        state.use_workflow(rest)
    screen.note(f"workflow: {state.workflow} (known: {AUTO}, {', '.join(state.app.catalogue.definitions)})")


def _search(state: ChatState, rest: str) -> Turn:
    return Turn(_needed("/search", rest), "search_qa")


def _lesson(state: ChatState, rest: str) -> Turn:
    return Turn(_needed("/lesson", rest), "lesson_pack")


def _sources(state: ChatState, rest: str) -> None:
    if state.result is None or not state.result.sources:
        screen.note("the last answer has no sources")
    else:
        print_sources(state.result.sources, detect(state.result.answer))


def _save(state: ChatState, rest: str) -> None:
    from mm_orch.exports.conversation_markdown import conversation_markdown

    path = Path(_needed("/save", rest)).expanduser()
    if state.session_id is None:
        raise InvalidInput("nothing_to_save")
    messages = wait(state.app.store.messages(state.session_id))
    title = next((message.content.splitlines()[0] for message in messages if message.role == "user"), "")
    try:
        path.write_text(conversation_markdown(title, messages), encoding="utf-8")
    except OSError as error:
        raise InvalidInput("file_not_written", path=str(path), why=error.strerror) from error
    screen.note(f"saved to {path}")


def _exit(state: ChatState, rest: str) -> None:
    state.left = True


def _needed(command: str, rest: str) -> str:
    if not rest:
        raise InvalidInput("command_needs_more", command=command, usage=COMMANDS[command[1:]].usage)
    return rest


COMMANDS: dict[str, Command] = {
    "help": Command("/help", "this list 显示帮助", _help),
    "new": Command("/new", "forget the conversation and begin another 开始新的会话", _new),
    "model": Command("/model [NAME]", "show or change the model 查看或更换模型", _model),
    "workflow": Command("/workflow [auto|NAME]", "who answers plain lines 指定由哪个工作流回答", _workflow),
    "search": Command("/search QUESTION", "search the web and answer with sources 搜索后回答", _search),
    "lesson": Command("/lesson TOPIC", "write a lesson 生成教案", _lesson),
    "sources": Command("/sources", "sources of the last answer 上一个回答的来源", _sources),
    "save": Command("/save FILE", "write the conversation as Markdown 保存会话", _save),
    "exit": Command("/exit", "leave; Ctrl-D too 退出", _exit),
}
