"""A workflow as a picture, made here without asking any service: Mermaid text, or an SVG file."""

from __future__ import annotations

from mm_orch.workflows import layout
from mm_orch.workflows.definition import Definition
from mm_orch.workflows.flow import END, START, Edge, edges

_BOX_W, _BOX_H, _STEP_Y, _LANE_W, _MARGIN = 220, 46, 92, 34, 24
_CHARACTER_W = 6.4  # of the label font, for the picture's width
_STYLE = (
    "text{font:13px sans-serif;fill:#1d2733}.kind{font-size:11px;fill:#5b6b7d}.guard{font-size:11px;fill:#2f5d8a}"
    "rect{fill:#eef4fb;stroke:#4a78a8}.end{fill:#f3f3f3;stroke:#8a8f96}path{fill:none;stroke:#5b6b7d}"
    ".back{stroke-dasharray:5 4}"
)
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
    "<title>{title}</title>\n<style>" + _STYLE.replace("{", "{{").replace("}", "}}") + "</style>\n"
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L8 4L0 8z" style="fill:#5b6b7d;stroke:none"/></marker></defs>\n'
    '<rect width="{width}" height="{height}" style="fill:#fff;stroke:none"/>'
)


def mermaid(definition: Definition) -> str:
    """A Mermaid flowchart: a box a step (its id and kind), an arrow a way, its guard as the label."""
    lines = ["flowchart TD", "    start([start])"]
    lines += [f'    {_name(step.id)}["{step.id}<br/><small>{step.kind}</small>"]' for step in definition.steps]
    lines.append("    finish([end])")
    lines += [f"    {_name(edge.source)} {_arrow(edge)} {_name(edge.target)}" for edge in edges(definition)]
    return "\n".join(lines) + "\n"


def svg(definition: Definition) -> str:
    """An SVG picture of the same, steps from top to bottom, ways that skip steps at the side."""
    nodes = [START, *(step.id for step in definition.steps), END]
    ways = layout.arrange(nodes, edges(definition))
    lanes = max((way.lane for way in ways), default=0)
    gap = int(_CHARACTER_W * max((len(label(way.edge)) for way in ways), default=0))
    width = max(_MARGIN + _BOX_W + gap + lanes * _LANE_W, _MARGIN + _BOX_W // 2 + gap) + _MARGIN
    height = 2 * _MARGIN + (len(nodes) - 1) * _STEP_Y + _BOX_H
    kinds = {step.id: step.kind for step in definition.steps}
    parts = [_boxed(node, row, kinds.get(node, "")) for row, node in enumerate(nodes)]
    parts += [_way(way, gap) for way in ways]
    title = _escaped(definition.title.get("en", definition.name))
    return "\n".join([_HEAD.format(width=width, height=height, title=title), *parts, "</svg>", ""])


def label(edge: Edge) -> str:
    """When the way is taken; empty when always."""
    text = " and ".join(str(guard) for guard in edge.guards)
    return f"{text} (at most {edge.repeats}×)" if edge.repeats else text


def _name(node: str) -> str:
    # Mermaid gives words such as "end" and "graph" a meaning of their own.
    return {START: "start", END: "finish"}.get(node, f"step_{node}")


def _arrow(edge: Edge) -> str:
    text = label(edge)
    line = "-.->" if edge.repeats else "-->"
    return f'{line}|"{text}"|' if text else line


def _top(row: int) -> int:
    return _MARGIN + row * _STEP_Y


def _boxed(node: str, row: int, kind: str) -> str:
    y, centre = _top(row), _MARGIN + _BOX_W // 2
    name = {START: "start", END: "end"}.get(node, node)
    shape = ' class="end" rx="23"' if not kind else ' rx="6"'
    box = f'<rect x="{_MARGIN}" y="{y}" width="{_BOX_W}" height="{_BOX_H}"{shape}/>'
    text = f'<text x="{centre}" y="{y + (20 if kind else 28)}" text-anchor="middle">{_escaped(name)}</text>'
    if kind:
        text += f'<text class="kind" x="{centre}" y="{y + 36}" text-anchor="middle">{_escaped(kind)}</text>'
    return box + text


def _way(way: layout.Way, gap: int) -> str:
    text = _escaped(label(way.edge))
    if not way.lane:
        x, start, end = _MARGIN + _BOX_W // 2, _top(way.source) + _BOX_H, _top(way.target)
        note = f'<text class="guard" x="{x + 8}" y="{(start + end) // 2 + 4}">{text}</text>' if text else ""
        return f'<path d="M{x} {start}V{end - 1}" marker-end="url(#tip)"/>{note}'
    right, x = _MARGIN + _BOX_W, _MARGIN + _BOX_W + gap + way.lane * _LANE_W
    start, end = _top(way.source) + _BOX_H - 10, _top(way.target) + 10
    style = ' class="back"' if way.edge.repeats else ""
    note = f'<text class="guard" x="{right + 8}" y="{start - 4}">{text}</text>' if text else ""
    return f'<path{style} d="M{right} {start}H{x}V{end}H{right + 1}" marker-end="url(#tip)"/>{note}'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
