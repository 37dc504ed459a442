"""A workflow as a Mermaid flowchart."""

from __future__ import annotations

from mm_orch.workflows.definition import Definition
from mm_orch.workflows.flow import END, START, Edge, edges


def mermaid(definition: Definition) -> str:
    """A box a step (its id and kind), an arrow a way, its guard as the label."""
    lines = ["flowchart TD", "    start([start])"]
    lines += [f'    {_name(step.id)}["{step.id}<br/><small>{step.kind}</small>"]' for step in definition.steps]
    lines.append("    finish([end])")
    lines += [f"    {_name(edge.source)} {_arrow(edge)} {_name(edge.target)}" for edge in edges(definition)]
    return "\n".join(lines) + "\n"


def _name(node: str) -> str:
    # Mermaid gives words such as "end" and "graph" a meaning of their own.
    return {START: "start", END: "finish"}.get(node, f"step_{node}")


def _arrow(edge: Edge) -> str:
    """The arrow with its label: when the way is taken, nothing when always."""
    text = " and ".join(str(guard) for guard in edge.guards)
    if edge.repeats:
        return f'-.->|"{text} (at most {edge.repeats}×)"|'
    return f'-->|"{text}"|' if text else "-->"
