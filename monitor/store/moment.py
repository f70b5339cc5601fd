"""Moments and JSON as the tables hold them; contains no business logic."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""`json.dumps` makes an encoder for each call that asks for something."""


@overload
def to_micros(moment: datetime) -> int: ...
@overload
def to_micros(moment: None) -> None: ...
@overload
def to_micros(moment: datetime | None) -> int | None: ...
def to_micros(moment: datetime | None) -> int | None:
    """An aware moment as microseconds since 1970; raises TypeError for a naive one."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


@overload
def to_moment(micros: int) -> datetime: ...
@overload
def to_moment(micros: None) -> None: ...
@overload
def to_moment(micros: int | None) -> datetime | None: ...
def to_moment(micros: int | None) -> datetime | None:
    """Microseconds since 1970 as an aware moment in UTC."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def interval_to_micros(interval: timedelta) -> int:
    """A stretch of time in whole microseconds."""
    return interval // _MICROSECOND


def to_json(value: object, *, default: Callable[[Any], object] | None = None) -> str:
    """Compact JSON, in the given order of keys; `default` makes of a value that JSON does not know one."""
    if default is None:
        return _COMPACT(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)
