"""A stored run as a person reads it: what each step did, what came out, and how it was checked."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mm_orch.cli.checks_view import checks
from mm_orch.cli.local_time import local_time
from mm_orch.language.detection import detect
from mm_orch.recording.codec import error_of
from mm_orch.words import say

if TYPE_CHECKING:
    from mm_orch.records.recorded_call import RecordedCall
    from mm_orch.records.session import Run

_SHOWN = 300  # characters of what a model wrote, where not all is asked for
_OWN = ("query", "workflow")


@dataclass(frozen=True, slots=True)
class RunView:
    """``calls`` are the run's, as recorded; with ``prompts`` they are shown in full."""

    run: Run
    calls: Sequence[RecordedCall]
    prompts: bool = False

    def lines(self) -> Iterator[str]:
        """The run, line by line."""
        yield from self._head()
        yield ""
        yield self._label("steps")
        yield from self._steps()
        document = self.run.document or {}
        if document.get("answer"):
            yield from ("", self._label("answer"), document["answer"])
        if document.get("sources"):
            yield from ("", self._label("sources"), *map(_source, document["sources"]))
        told = checks(document, self._language)
        yield from ("", *told) if told else ()
        if document.get("warnings"):
            yield from ("", self._label("warnings"), *(f"- {warning}" for warning in document["warnings"]))
        if document.get("error"):
            error = document["error"]
            yield from (
                "",
                f"{self._label('error')}{error['type']}: {error['message']}. {error['hint']}".rstrip(". "),
            )

    @property
    def _language(self) -> str:
        return detect(self.run.query)

    def _label(self, name: str, **values: object) -> str:
        return say(f"run.{name}", self._language, **values)

    def _head(self) -> Iterator[str]:
        run, document = self.run, self.run.document or {}
        yield f"{run.id}  {local_time(run.created)}  {run.status}"
        yield self._label("question") + " ".join(run.query.split())[:500]
        route = document.get("route")
        why = f" ({route['confidence']:.0%}: {route['reason']})" if route else ""
        yield self._label("workflow") + (run.workflow or "-") + why
        info = next((call.answer for call in self.calls if call.seam == "info"), None)
        model, provider = (
            (info["model"], info["provider"]) if info else (document.get("model"), document.get("provider"))
        )
        if model:
            yield f"{self._label('model')}{model} ({provider})"
        yield self._label("session") + run.session_id
        chosen = next((call.answer for call in self.calls if call.seam == "workflow"), None)
        if chosen:
            yield self._label("inputs") + json.dumps(chosen["inputs"], ensure_ascii=False)[:500]

    def _steps(self) -> Iterator[str]:
        if not self.calls:
            yield "  " + self._label("not_recorded")
        for number, (name, seconds, calls) in enumerate(self._by_step(), 1):
            took = "" if seconds is None else f"  {seconds:.1f} s"
            yield f"{number}. {name}{took}"
            for call in calls:
                yield from (f"   {line}" for line in self._call(call))

    def _by_step(self) -> Iterator[tuple[str, float | None, list[RecordedCall]]]:
        """Each step as it ran, with its calls; those that did not come to their end have no seconds."""
        own = [call for call in self.calls if call.seam not in _OWN]
        groups = [(step, list(calls)) for step, calls in itertools.groupby(own, key=lambda call: call.step)]
        if groups and not groups[0][0]:
            yield "route", None, groups.pop(0)[1]
        for timing in (self.run.document or {}).get("steps", ()):
            found = groups.pop(0)[1] if groups and groups[0][0] == timing["id"] else []
            name = timing["id"] if timing["id"] == timing["kind"] else f"{timing['id']} ({timing['kind']})"
            yield name, timing["seconds"], found
        yield from ((step, None, calls) for step, calls in groups if step)

    def _call(self, call: RecordedCall) -> Iterator[str]:
        if call.failed:
            asked = call.request if isinstance(call.request, str) else ""
            why = error_of(call.answer).sentences[0]
            what = "not_read" if call.seam == "fetch" else "failed"
            yield " ".join(f"{self._label(what)}: {asked} {why.said(self._language)}".split())
        elif call.seam == "search":
            yield from self._search(call.request, call.answer)
        elif call.seam == "fetch":
            size = self._label("characters", count=f"{len(call.answer['text']):,}")
            yield f"{self._label('read')}: {call.answer['title']} ({size}) {call.answer['url']}"
        elif call.seam == "embed":
            yield self._label("embedded", count=len(call.answer))
        elif call.seam == "generate":
            yield from self._generated(call.answer["result"])

    def _search(self, request: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
        yield f"{self._label('searched')}: {request['text']!r} ({request['language']})"
        yield self._label("found", count=len(answer["hits"]), provider=answer["provider"])
        yield from (f"- {hit['title']}  {hit['url']}" for hit in answer["hits"])

    def _generated(self, result: Mapping[str, Any]) -> Iterator[str]:
        usage = result["usage"]
        yield self._label(
            "wrote",
            written=usage["completion_tokens"],
            prompt=usage["prompt_tokens"],
            cached=usage["cached_tokens"],
        )
        if self.prompts:
            yield from (self._label("prompt"), *_indented(result["rendered"]))
            yield from (self._label("output"), *_indented(result["text"]))
        else:
            text = " ".join(result["text"].split())
            yield f"{self._label('output')} {text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}"


def _source(source: Mapping[str, Any]) -> str:
    quote = f"\n    “{source['quote']}”" if source["quote"] else ""
    return f"[{source['id']}] {source['title']}\n    {source['url']}{quote}"


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
