"""Reliability diagrams as SVG: tables of what was said and what was so in, one small picture out.

Each panel has the line of perfect calibration, a point a bin (its area grows with the number of place-days),
and below it how often each probability is said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from whoholds.errors import FormatError

__all__ = ["Panel", "draw_reliability"]

SIDE, GAP, LEFT, TOP, BARS = 220, 64, 58, 84, 46
COLORS = {"near": "#D55E00", "all": "#0072B2"}
"""Vermilion and blue of Okabe and Ito's palette."""
LABELS = {"near": "within 30 days of a change of hands", "all": "all days and places"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One data set.

    Attributes:
        name: Above the panel.
        series: `near` and `all` to rows of n, sum of p and number right, and the calibration error.
    """

    name: str
    series: dict[str, tuple[list[tuple[float, float, float]], float]]

    @classmethod
    def load(cls, name: str, path: Path) -> Panel:
        """A panel of a file that `gain --scores` wrote.

        Raises:
            FormatError: It is no such file.
        """
        try:
            data = json.loads(path.read_text("utf-8"))
            series = {
                key: (
                    [(float(n), float(p), float(r)) for n, p, r in data[key]["reliability"]],
                    float(data[key]["figures"]["ece"]),
                )
                for key in COLORS
            }
        except (ValueError, KeyError, TypeError):
            raise FormatError(f"{path} is no file of scores; write one with gain --scores") from None
        return cls(name, series)


def draw_reliability(title: str, panels: Sequence[Panel]) -> str:
    """The diagram as SVG text, panels side by side."""
    width = LEFT + len(panels) * (SIDE + GAP)
    height = TOP + SIDE + BARS + 58
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#222">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="600">{escape(title)}</text>',
    ]
    x = LEFT
    for key, color in COLORS.items():
        out.append(f'<circle cx="{x + 5}" cy="40" r="5" fill="{color}"/>')
        out.append(f'<text x="{x + 15}" y="44">{LABELS[key]}</text>')
        x += 250
    for i, panel in enumerate(panels):
        out += _draw_panel(panel, LEFT + i * (SIDE + GAP))
    out.append(
        f'<text x="{LEFT}" y="{height - 12}" fill="#555">x: probability given to the likeliest state; '
        "y: share of days on which it was so</text>"
    )
    return "\n".join([*out, "</svg>", ""])


def _draw_panel(panel: Panel, x: int) -> list[str]:
    bottom = TOP + SIDE
    out = [f'<text x="{x}" y="{TOP - 10}" font-weight="600">{escape(panel.name)}</text>']
    for tick in range(0, 11, 2):
        at = tick / 10
        across, up = x + at * SIDE, bottom - at * SIDE
        out.append(f'<path d="M{x} {up:.1f}H{x + SIDE}M{across:.1f} {TOP}V{bottom}" stroke="#e4e4e4"/>')
        out.append(f'<text x="{x - 6}" y="{up + 4:.1f}" text-anchor="end" fill="#555">{at:g}</text>')
        out.append(
            f'<text x="{across:.1f}" y="{bottom + BARS + 16}" text-anchor="middle" fill="#555">{at:g}</text>'
        )
    out.append(f'<path d="M{x} {bottom}L{x + SIDE} {TOP}" stroke="#888" stroke-dasharray="4 3"/>')
    for number, (key, (rows, error)) in enumerate(panel.series.items()):
        color, total = COLORS[key], sum(n for n, _, _ in rows) or 1
        points = [(p / n, r / n, n) for n, p, r in rows if n / total >= 0.0005]
        line = " ".join(f"{x + p * SIDE:.1f},{bottom - r * SIDE:.1f}" for p, r, _ in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        for p, r, n in points:
            radius = 2 + 5 * (n / total) ** 0.5
            out.append(
                f'<circle cx="{x + p * SIDE:.1f}" cy="{bottom - r * SIDE:.1f}" r="{radius:.1f}" '
                f'fill="{color}">'
                f"<title>{n:.0f} days: said {p:.2f}, so {r:.2f}</title></circle>"
            )
        out.append(
            f'<text x="{x + SIDE - 4}" y="{bottom - 24 + 16 * number}" text-anchor="end" fill="{color}">'
            f"calibration error {error:.3f}</text>"
        )
        for i, (n, _, _) in enumerate(rows):
            tall = (BARS - 8) * n / total
            left = x + (i + 0.12 + 0.4 * number) * SIDE / 10
            out.append(
                f'<rect x="{left:.1f}" y="{bottom + BARS - tall:.1f}" width="{0.36 * SIDE / 10:.1f}" '
                f'height="{tall:.1f}" fill="{color}" opacity="0.75"/>'
            )
    out.append(f'<path d="M{x} {bottom}H{x + SIDE}M{x} {bottom + BARS}H{x + SIDE}" stroke="#888"/>')
    return out
