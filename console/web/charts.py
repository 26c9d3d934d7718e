"""Charts drawn on the server, as SVG without scripts for `<img>`; a table says the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import pygal
from pygal.style import Style

SCRIPT = re.compile(rb"<script.*?</script>", re.DOTALL)  # left behind even without any `js`
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
LABEL_SIZE = 13  # pixels
# The page's colours in the dark, which a picture has to know by itself.
IN_THE_DARK = b"""<style>@media screen and (prefers-color-scheme: dark) {
text { fill: #a3b0ac !important }
.axis .line { stroke: #4a5854 !important }
.text-overlay text { fill: #fff !important; stroke: #101615; stroke-width: 3px; }
.text-overlay text { paint-order: stroke }
.color-0 .rect, .color-0.reactive { fill: #1e978a !important }
.color-1 .rect, .color-1.reactive { fill: #d8584d !important }
.color-2 .rect, .color-2.reactive { fill: #4b86d1 !important }
}</style></svg>"""
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#55635f",
    foreground_strong="#55635f",
    foreground_subtle="#83908c",
    colors=("#0b7a70", "#b0261b", "#1c4f8f", "#c07a00", "#6b4fa0", "#52605c"),
    font_family=FONT,
    label_font_size=LABEL_SIZE,
    major_label_font_size=LABEL_SIZE,
    value_font_size=13,
    legend_font_size=14,
    opacity=".92",
    opacity_hover="1",
    transition="0s",
)


def bars(labels: Sequence[str], series: Mapping[str, Sequence[float]], lying: bool) -> bytes:
    """Bars, stacked where there is more than one series; `lying` for long labels."""
    kind = pygal.HorizontalStackedBar if lying else pygal.StackedBar
    chart = kind(
        js=[],
        style=STYLE,
        width=760,
        height=max(200, 90 + 34 * len(labels)) if lying else 340,
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        legend_box_size=12,
        no_data_text="–",
        print_values=lying,
        print_zeroes=False,
        value_formatter=lambda value: f"{value:g}",
        x_labels_major_count=None if lying or len(labels) < 15 else 8,
        show_minor_x_labels=lying or len(labels) < 15,
        spacing=12,
        margin=8,
        margin_left=8 + (_more_room(labels) if lying else 0),
        margin_right=24,
        truncate_label=-1,
        truncate_legend=-1,
        order_min=0,
        disable_xml_declaration=False,
    )
    # A horizontal chart begins at the bottom.
    chart.x_labels = list(labels)[::-1] if lying else list(labels)
    for name, values in series.items():
        chart.add(name, list(values)[::-1] if lying else list(values))
    drawn: bytes = chart.render()
    return SCRIPT.sub(b"", drawn).replace(b"</svg>", IN_THE_DARK)


def _more_room(labels: Sequence[str]) -> int:
    """The pixels that Chinese labels need besides: pygal takes every character for a narrow one."""
    wide = (sum(unicodedata.east_asian_width(c) in "WF" for c in label) for label in labels)
    return round(max(wide, default=0) * 0.45 * LABEL_SIZE)
