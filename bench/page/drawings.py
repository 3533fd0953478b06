"""What the page shows of each benchmark's figures."""

from __future__ import annotations

from typing import Any

from bench.page.charts import Charts
from bench.page.text import any_table, shown, table

Figures = dict[str, Any]


def answers(figures: Figures, charts: Charts) -> list[str]:
    lines: list[str] = []
    for name, systems in figures["sets"].items():
        noises = list(next(iter(systems.values())))
        curves = {s: [row["clause"] for row in rows.values()] for s, rows in systems.items()}
        first = next(iter(systems.values()))[noises[0]]
        lines += [
            f"**{name}**: {shown(first['answerable_n'])} questions that the notice answers, "
            f"{shown(first['unanswerable_n'])} that it does not; noise with seeds "
            f"{', '.join(map(str, figures['seeds']))}.",
            "",
            charts.lines(
                f"answers-{name}", f"Right clause, {name}", noises, curves, "%",
                "share of characters misheard",
            ),
            "",
        ]  # fmt: skip
        rows = [
            (system, noise, row["clause"], row["content"], row.get("content_spread"),
             row["unanswerable"], row["inventions"], row["p95_ms"])
            for system, by_noise in systems.items()
            for noise, row in by_noise.items()
            if noise in (noises[0], "24%")
        ]  # fmt: skip
        head = ("system", "noise", "clause %", "content %", "spread of content over seeds",
                "unanswerable told %", "inventions", "p95 ms")  # fmt: skip
        lines += table(head, rows)
    return lines


def answers_latency(figures: Figures, charts: Charts) -> list[str]:
    sizes = figures["sizes"]
    peer = next(key for key in sizes[0] if key not in ("minglu",) and "bm25" in key.lower())
    groups = [f"{size['clauses']:,} clauses" for size in sizes]
    series = {
        "minglu": [size["minglu"]["p95_ms"] for size in sizes],
        peer: [size[peer]["p95_ms"] for size in sizes],
    }
    rows = [
        (size["clauses"], size["passages"], size["minglu"]["build_s"], size["minglu"]["p50_ms"],
         size["minglu"]["p95_ms"], size["minglu"]["n"], size[peer]["p95_ms"])
        for size in sizes
    ]  # fmt: skip
    head = ("clauses", "passages", "build s", "p50 ms", "p95 ms", "n", "peer p95 ms")
    chart = charts.bars("answers-latency", "One answer, p95", groups, series, "ms")
    return [chart, "", *table(head, rows)]


def understanding(figures: Figures, charts: Charts) -> list[str]:
    systems = figures["systems"]
    noises = [key for key in next(iter(systems.values()))["accuracy"]]

    def mean(value: Any) -> float:
        return float(value["mean"] if isinstance(value, dict) else value)

    curves = {n: [mean(s["accuracy"][noise]) for noise in noises] for n, s in systems.items()}
    points = ["0 %" if noise == "clean" else noise.removeprefix("noise_") for noise in noises]
    rows = [
        (name, *(shown_with_range(s["accuracy"][noise]) for noise in noises),
         s["parse_ms"]["p95"], s["train_s"])
        for name, s in systems.items()
    ]  # fmt: skip
    sizes = ", ".join(f"{key} {shown(n)}" for key, n in figures["n"].items())
    chart = charts.lines(
        "understanding", "Right intent", points, curves, "%", "share of characters misheard"
    )
    head = ("system", *(f"{point} %".replace("% %", "%") for point in points), "parse p95 ms",
            "training s")  # fmt: skip
    return [f"Sentences: {sizes}. Noise: mean over seeds, least to most.", "", chart, "",
            *table(head, rows)]  # fmt: skip


def shown_with_range(value: Any) -> str:
    if isinstance(value, dict):
        return f"{shown(value['mean'])} ({' to '.join(shown(v) for v in value['range'])})"
    return shown(value)


def turns(figures: Figures, charts: Charts) -> list[str]:
    shared = {n: row for n, row in figures.items() if isinstance(row, dict) and "stock" in row}
    return beside_stock("turns", shared, charts)


def beside_stock(name: str, shared: Figures, charts: Charts) -> list[str]:
    """Systems by number of users, stock Rasa among them."""
    groups = list(shared)
    systems = [n for n, row in shared[groups[0]].items() if isinstance(row, dict)]
    plain_names = {system: system.replace("_", " ") for system in systems}
    p95 = {plain_names[s]: [shared[g][s]["p95_ms"] for g in groups] for s in systems}
    rate = {plain_names[s]: [shared[g][s]["turns_per_s"] for g in groups] for s in systems}
    rows = [
        (group, plain_names[s], row[s]["n"], row[s]["p50_ms"], row[s]["p95_ms"],
         " to ".join(map(shown, row[s]["p95_ms_of_rounds"])), row[s]["turns_per_s"],
         round(row[s]["p95_ms"] / row["stock"]["p95_ms"], 2),
         round(row[s]["turns_per_s"] / row["stock"]["turns_per_s"], 2))
        for group, row in shared.items()
        for s in systems
    ]  # fmt: skip
    head = ("users", "system", "n", "p50 ms", "p95 ms", "p95 of the rounds", "turns/s",
            "p95 of stock's", "throughput of stock's")  # fmt: skip
    return [
        charts.bars(f"{name}-p95", "A turn with an action, p95", groups, p95, "ms"), "",
        charts.bars(f"{name}-rate", "Turns per second", groups, rate, "turns/s"), "",
        *table(head, rows),
    ]  # fmt: skip


def turns_profile(figures: Figures, charts: Charts) -> list[str]:
    shares = figures["percent_of_work"]
    chart = charts.bars(
        "turns-profile", "Share of the dialogue server's work", list(shares),
        {"minglu": list(shares.values())}, "%",
    )  # fmt: skip
    return [f"{shown(figures['turns'])} turns in {shown(figures['seconds'])} s.", "", chart, ""]


def cluster(figures: Figures, charts: Charts) -> list[str]:
    lines: list[str] = []
    faults = figures.get("faults")
    if faults is None:
        lines += ["The run under faults is not in this result.", ""]
    else:
        killed = ", ".join(f"{name} at {at:.0%}" for name, at in killed_at(faults).items())
        lines += [
            f"{shown(faults['conversations'])} conversations, {shown(faults['turns'])} turns in "
            f"{shown(faults['seconds'])} s, {shown(faults['at_once'])} at once; killed and started "
            f"again, at a share of all turns: {killed}. Answered after p50 "
            f"{shown(faults['answered_p50_ms'])} ms, p95 {shown(faults['answered_p95_ms'])} ms, at "
            f"most {shown(faults['answered_longest_ms'])} ms.", "",
            *table(("what was counted afterwards", "number"), faults["account"].items()),
        ]  # fmt: skip
    if "speed" in figures:
        lines += beside_stock("cluster", figures["speed"], charts)
    return lines


def killed_at(faults: Figures) -> dict[str, float]:
    found: dict[str, float] = faults["killed_at_share_of_turns"]
    return found


def web(figures: Figures, charts: Charts) -> list[str]:
    kinds = {n: row for n, row in figures.items() if isinstance(row, dict) and "p95_ms" in row}
    groups = [name.replace("_", " ") for name in kinds]
    series = {
        "measured": [row["p95_ms"] for row in kinds.values()],
        "promised": [row["promised_p95_ms"] for row in kinds.values()],
    }
    rows = [
        (name.replace("_", " "), row["n"], row["p50_ms"], row["p95_ms"],
         " to ".join(map(shown, row["p95_ms_of_rounds"])), row["max_ms"], row["promised_p95_ms"])
        for name, row in kinds.items()
    ]  # fmt: skip
    head = ("what", "n", "p50 ms", "p95 ms", "p95 of the rounds", "most ms", "promised p95 ms")
    return [
        f"{shown(figures['staff'])} members of staff, {shown(figures['people'])} people; the "
        "clients run on the same cores.", "",
        charts.bars("web", "Cards and chat turns, p95", groups, series, "ms"), "",
        *table(head, rows),
    ]  # fmt: skip


def voice(figures: Figures, charts: Charts) -> list[str]:
    stages = {n: row for n, row in figures["stages"].items() if not n.startswith("total")}
    groups = [name.replace("_", " ") for name in stages]
    series = {
        "median": [row["p50_ms"] for row in stages.values()],
        "p95": [row["p95_ms"] for row in stages.values()],
    }
    whole = figures["stages"]["total_beyond_patience"]
    rows = [
        (name.replace("_", " "), row["n"], row["p50_ms"], row["p95_ms"], row["max_ms"])
        for name, row in (
            *figures["stages"].items(),
            ("peer: the whole answer made before its first sound", figures["whole_answer_first"]),
            ("stopping a running synthesis", figures["stop_running_synthesis"]),
        )
    ]
    return [
        f"End of speech to first sound, beyond the patience of {shown(figures['patience_s'])} s: "
        f"median {shown(whole['p50_ms'])} ms. One core carries "
        f"{shown(figures['streams_per_core_by_throughput'])} streams by throughput; "
        f"{shown(figures['memory_mb'])} MB resident.", "",
        charts.bars("voice", "The voice loop by stage", groups, series, "ms"), "",
        *table(("stage", "n", "p50 ms", "p95 ms", "most ms"), rows),
    ]  # fmt: skip


def booking(figures: Figures, charts: Charts) -> list[str]:
    bases = [name for name in ("sqlite", "postgresql") if name in figures]
    series = {
        "minglu": [figures[b]["sustained"]["confirmed_per_s"]["median"] for b in bases],
        "naive peer": [figures[b]["naive"]["confirmed_per_s"]["median"] for b in bases],
    }
    rows = []
    for base in bases:
        for name, key in (("minglu", "sustained"), ("naive", "naive")):
            row = figures[base][key]
            rate = row["confirmed_per_s"]
            spread = f"{shown(rate['min'])} to {shown(rate['max'])}"
            rows.append((base, name, row["n"], rate["median"], spread, row["p95_ms"]["median"]))
    storms = [
        f"{base}: {shown(figures[base]['storm']['account']['confirmed'])} confirmed, "
        + ", ".join(
            f"{shown(figures[base]['storm']['account'][what])} {what}"
            for what in ("oversold", "lost", "doubled", "unanswered")
        )
        for base in bases
    ]
    shape = (
        f"{shown(figures['processes'])} processes, {shown(figures['requests'])} requests, "
        f"{shown(figures['places'])} places, {shown(figures['kills'])} processes killed."
    )
    head = ("database", "system", "runs", "confirmed/s, median", "least to most", "p95 ms")
    return [f"The storm ({shape}) {'; '.join(storms)}.", "",
            charts.bars("booking", "Bookings confirmed per second", bases, series, "per s"), "",
            *table(head, rows)]  # fmt: skip


def soak(figures: Figures, charts: Charts) -> list[str]:
    processes = figures["processes"]
    longest = max(len(row["series_mib"]) for row in processes.values())
    curves = {
        name: [100 * value / row["after_warm_up_mib"] for value in row["series_mib"]]
        for name, row in processes.items()
        if len(row["series_mib"]) == longest
    }
    points = [round(figures["minutes"] * n / longest, 2) for n in range(longest)]
    rows = [
        (name, row["n"], row["start_mib"], row["after_warm_up_mib"], row["end_mib"],
         f"{row['growth_percent']:+.2f}")
        for name, row in processes.items()
    ]  # fmt: skip
    wait = figures["wait_ms"]
    return [
        f"{shown(figures['turns'])} turns in {shown(figures['conversations'])} conversations over "
        f"{shown(figures['minutes'])} minutes ({shown(figures['turns_per_s'])}/s); "
        f"{shown(figures['unanswered'])} unanswered; p50 {shown(wait['p50'])} ms, p95 "
        f"{shown(wait['p95'])} ms. The first {figures['warm_up_share']:.0%} is warm-up.", "",
        charts.lines("soak", "Memory, as a share of that after warm-up", points, curves, "%",
                     "minutes"), "",
        *table(("process", "samples", "at first MiB", "warm MiB", "at the end MiB", "growth %"),
               rows),
    ]  # fmt: skip


def footprint(figures: Figures, charts: Charts) -> list[str]:
    systems = figures["systems"]
    groups, lines = ["dialogue server"], []
    for key, title, unit in (
        ("start_s", "Seconds until the dialogue server answers", "s"),
        ("memory_mib", "Memory of the dialogue server after its first turns", "MiB"),
    ):
        series = {name: [row[key]["median"]] for name, row in systems.items()}
        lines += [charts.bars(f"footprint-{key.split('_')[0]}", title, groups, series, unit), ""]
    rows = [
        (name, row["start_s"]["n"], row["start_s"]["median"],
         f"{shown(row['start_s']['min'])} to {shown(row['start_s']['max'])}",
         row["memory_mib"]["median"],
         f"{shown(row['memory_mib']['min'])} to {shown(row['memory_mib']['max'])}")
        for name, row in systems.items()
    ]  # fmt: skip
    head = ("system", "starts", "start s, median", "least to most", "memory MiB", "least to most")
    return [*lines, *table(head, rows)]


def fuzz(figures: Figures, charts: Charts) -> list[str]:
    rows = [
        (name, row["inputs"], row["taken"], row["refused"], sum(row["unhandled"].values()),
         row["slowest_s"])
        for name, row in figures["parsers"].items()
    ]  # fmt: skip
    return [
        f"{shown(figures['inputs'])} inputs in {shown(figures['seconds'])} s with seed "
        f"{figures['seed']}: {shown(figures['unhandled'])} unhandled errors.", "",
        *table(("parser", "inputs", "taken", "refused", "unhandled", "slowest s"), rows),
    ]  # fmt: skip


def plain(figures: Figures, charts: Charts) -> list[str]:
    return any_table(figures)
