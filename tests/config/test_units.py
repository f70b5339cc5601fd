"""Durations and sizes as they are written."""

from datetime import timedelta

import pytest

from monitor.config.units import parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("0", 0), ("90s", 90), ("15m", 900), ("1h30m", 5400), ("1h 30m", 5400), ("2d", 172800),
     ("1w", 604800), ("1.5h", 5400), ("250ms", 0.25), (" 5m ", 300)],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "m", "15 minutes", "15M", "-5m", "5m!", "1:30", "٣m", "1h30"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a duration is expected here"):
        parse_duration(text)


def test_a_duration_has_an_end() -> None:
    with pytest.raises(ValueError, match="longer than a hundred years"):
        parse_duration("99999999999999d")


@pytest.mark.parametrize(
    ("text", "size"), [("10MiB", 10485760), ("500kB", 500000), ("500 kb", 500000), ("7", 7), ("1.5KiB", 1536)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "10 apples", "-1"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a size is expected here"):
        parse_size(text)
