"""The run as a table for people."""

from __future__ import annotations

from typing import Any

from tests.bench.target import TARGETS, Limit

HEAD = ("", "quantity", "must", "aim", "measured", "", "measured beside it")
NOISY = 0.15  # a spread of the denominators from which figures are to be taken with care


def table(run: dict[str, Any]) -> tuple[str, bool]:
    """The table, and whether every must was reached with every answer right."""
    rows, below, good = [HEAD], [], True
    for name, result in run["results"].items():
        rows += _rows(name, result)
        below += [f"{name.upper()}: {line}" for line in _remarks(result)]
        good = good and all(row[5] in {"aim", "must", "reported"} for row in _rows(name, result))
    lines = [_line(row, _widths(rows)) for row in rows]
    return "\n".join(("", *lines, "", *below, _about(run))), good


def _rows(name: str, result: dict[str, Any]) -> list[tuple[str, ...]]:
    target = TARGETS[name]
    if "failed" in result:
        return [(name.upper(), target.quantity, "", "", "–", "failed", "")]
    beside = ", ".join(f"{key} {_number(value)}" for key, value in result["denominators"].items())
    rows = []
    for n, (part, limit) in enumerate(target.limits.items()):
        value = result["measured"][part]
        verdict = "wrong answers" if result["faults"] else limit.verdict(value)
        first = (name.upper(), target.quantity) if n == 0 else ("", "")
        told = f"{part} {_number(value)}{_unit(limit)}".strip()
        bounds = _bound(limit, limit.must), _bound(limit, limit.aim)
        rows.append((*first, *bounds, told, verdict, beside if n == 0 else ""))
    return rows


def _remarks(result: dict[str, Any]) -> list[str]:
    if "failed" in result:
        return [result["failed"]]
    return [*(f"FAULT {fault}" for fault in result["faults"]), *result["notes"]]


def _about(run: dict[str, Any]) -> str:
    spreads = {
        name.upper(): spread
        for name, result in run["results"].items()
        if (spread := result.get("spread")) is not None
    }
    worst = max(spreads.values(), default=0.0)
    told = ", ".join(f"{name} {spread:.0%}" for name, spread in spreads.items())
    noise = f"Spread of repeated denominators: {told or 'none repeated'}."
    if worst > NOISY:
        noise += " A noisy run: measure again before believing small differences."
    return f"{noise}\n{run['machine']}; {'quick run' if run['quick'] else 'run'}, {run['took']} s."


def _bound(limit: Limit, bound: float | None) -> str:
    if bound is None:
        return "–"
    return f"{'≥' if limit.least else '≤'} {_number(bound)}{_unit(limit)}"


def _unit(limit: Limit) -> str:
    return f" {limit.unit}" if limit.unit else ""


def _number(value: Any) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _widths(rows: list[tuple[str, ...]]) -> list[int]:
    return [max(len(row[column]) for row in rows) for column in range(len(HEAD))]


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
