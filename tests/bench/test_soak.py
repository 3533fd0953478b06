from bench.soak.__main__ import growth


def test_growth_is_counted_after_the_warm_up_only() -> None:
    caches_fill = [{"web": 50.0 + n} for n in range(30)]
    level = [{"web": 100.0}] * 70
    row = growth(caches_fill + level, "web")
    assert row["growth_percent"] == 0.0 and row["start_mib"] == 50.0


def test_a_leak_shows_as_growth() -> None:
    row = growth([{"web": 100.0 + n} for n in range(100)], "web")
    assert row["growth_percent"] > 5
    assert row["most_mib"] == 199.0


def test_a_process_that_came_late_is_measured_from_its_own_start() -> None:
    row = growth([{}] * 50 + [{"speaker": 40.0}] * 50, "speaker")
    assert row["start_mib"] == 40.0 and row["growth_percent"] == 0.0
