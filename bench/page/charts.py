"""Charts that are readable in grey and with any colour vision: hatches, markers and labels, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Okabe and Ito's palette: told apart with every kind of colour vision.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))


class Charts:
    """Draws into `folder`; gives the Markdown that shows the picture, with its alternative text."""

    def __init__(self, folder: Path, page: Path) -> None:
        self._folder = folder
        self._page = page

    def bars(
        self,
        name: str,
        title: str,
        groups: Sequence[str],
        series: Mapping[str, Sequence[float | None]],
        unit: str,
    ) -> str:
        """Bars side by side, each with its figure."""
        figure, axes = self._begin(title, unit, 1.2 + 0.42 * len(groups) * len(series))
        height = 0.8 / len(series)
        for index, (label, values) in enumerate(series.items()):
            at = [group + index * height for group in range(len(groups))]
            drawn = axes.barh(
                at, [value or 0 for value in values], height, label=label, edgecolor="black",
                linewidth=0.6, color=COLOURS[index % 6], hatch=HATCHES[index % 6],
            )  # fmt: skip
            texts = ["" if value is None else f"{value:g}" for value in values]
            axes.bar_label(drawn, texts, padding=3, fontsize=9)
        middle = height * (len(series) - 1) / 2
        axes.set_yticks([group + middle for group in range(len(groups))], groups)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlabel(unit)
        axes.grid(axis="x", alpha=0.3)
        return self._end(name, title, figure, axes, _told(groups, series, unit))

    def lines(
        self,
        name: str,
        title: str,
        points: Sequence[Any],
        series: Mapping[str, Sequence[float | None]],
        unit: str,
        along: str,
    ) -> str:
        """Curves over `points`, each with its own line and mark."""
        figure, axes = self._begin(title, unit, 4.2)
        for index, (label, values) in enumerate(series.items()):
            axes.plot(
                points, values, label=label, color=COLOURS[index % 6], linestyle=LINES[index % 6],
                marker=MARKERS[index % 6] if len(points) < 15 else "", linewidth=2,
            )  # fmt: skip
        axes.set_xlabel(along)
        axes.set_ylabel(unit)
        axes.grid(alpha=0.3)
        ends = {k: [v[0], v[-1]] for k, v in series.items() if v}
        told = _told([f"{along} {points[0]}", f"{along} {points[-1]}"], ends, unit)
        return self._end(name, title, figure, axes, told)

    def _begin(self, title: str, unit: str, height: float) -> tuple[Any, Any]:
        import matplotlib

        matplotlib.use("Agg")
        # The same figures give the same file.
        matplotlib.rcParams["svg.hashsalt"] = "minglu"
        from matplotlib import pyplot

        figure, axes = pyplot.subplots(figsize=(8, height), layout="constrained")
        axes.set_title(title, loc="left", fontsize=12)
        return figure, axes

    def _end(self, name: str, title: str, figure: Any, axes: Any, told: str) -> str:
        from matplotlib import pyplot

        axes.spines[["top", "right"]].set_visible(False)
        if len(axes.get_legend_handles_labels()[1]) > 1:
            axes.legend(
                fontsize=9, frameon=False, ncols=3, loc="upper left", bbox_to_anchor=(0, -0.16)
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"bench-{name}.svg"
        figure.savefig(path, metadata={"Date": None, "Title": title, "Description": told})
        pyplot.close(figure)
        return f"![{title}: {told}]({path.relative_to(self._page.parent).as_posix()})"


def _told(groups: Sequence[str], series: Mapping[str, Sequence[float | None]], unit: str) -> str:
    """The chart in words, for who does not see it."""
    parts = []
    for at, group in enumerate(groups):
        said = [
            f"{label} {values[at]:g}"
            for label, values in series.items()
            if at < len(values) and values[at] is not None
        ]
        parts.append(f"{group}: {', '.join(said) or 'nothing'}")
    return f"{'; '.join(parts)} ({unit})"
