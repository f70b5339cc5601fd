"""Numbers as bytes, one array after the other; contains no business logic."""

from array import array
from collections.abc import Iterable, Iterator
from struct import Struct

_LENGTH = Struct("<I")


def pack(typecode: str, values: Iterable[int] | Iterable[float]) -> bytes:
    """The values, with how many bytes they take before them."""
    return pack_bytes(array(typecode, values).tobytes())


def pack_bytes(data: bytes | memoryview) -> bytes:
    """Bytes, with how many they are before them."""
    return _LENGTH.pack(len(data)) + data


class Unpacking:
    """Reads what was packed, in the same order."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    @property
    def is_done(self) -> bool:
        """Whether all was read."""
        return self._at >= len(self._data)

    def bytes(self) -> memoryview:
        """What `pack_bytes` packed."""
        (length,) = _LENGTH.unpack_from(self._data, self._at)
        start = self._at + _LENGTH.size
        self._at = start + length
        return self._data[start : self._at]

    def all(self) -> "Iterator[memoryview]":
        """Everything that `pack_bytes` packed."""
        while not self.is_done:
            yield self.bytes()

    def array(self, typecode: str) -> "array[int]":
        """What `pack` packed."""
        numbers = array(typecode)
        numbers.frombytes(self.bytes())
        return numbers
