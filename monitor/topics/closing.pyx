# cython: language_level=3, boundscheck=False, wraparound=False
"""Closes up a folded text: the quick way of folded.closed_up, one look at each letter."""

from cpython cimport array
from libc.stdint cimport uint8_t, uint32_t

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, const void* data, Py_ssize_t place)
    void PyUnicode_WRITE(int kind, void* data, Py_ssize_t place, uint32_t letter)
    object PyUnicode_FromKindAndData(int kind, const void* data, Py_ssize_t length)

cdef array.array _PLACES = array.array("i")
cdef enum:
    BLANK = 32


def with_single_blanks(str wide not None):
    """The text with one blank at its ends and wherever are several; where its pieces start, and did."""
    cdef int kind = PyUnicode_KIND(wide)
    cdef const void* letters = PyUnicode_DATA(wide)
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(wide), place, filled = 1
    cdef bytearray made = bytearray((length + 2) * kind)
    cdef void* close = <char*> made
    cdef array.array starts = array.clone(_PLACES, length // 2 + 2, False)
    cdef array.array origins = array.clone(_PLACES, length // 2 + 2, False)
    cdef Py_ssize_t pieces = 1, shift = 0
    cdef bint is_behind_blank = True
    cdef uint32_t letter
    starts.data.as_ints[0] = origins.data.as_ints[0] = 0
    PyUnicode_WRITE(kind, close, 0, BLANK)
    for place in range(length):
        letter = (<const uint8_t*> letters)[place] if kind == 1 else PyUnicode_READ(kind, letters, place)
        if letter == BLANK:
            if is_behind_blank:
                continue
        elif is_behind_blank and place - filled != shift:
            shift = place - filled
            starts.data.as_ints[pieces], origins.data.as_ints[pieces] = filled, place
            pieces += 1
        is_behind_blank = letter == BLANK
        if kind == 1:
            (<uint8_t*> close)[filled] = letter
        else:
            PyUnicode_WRITE(kind, close, filled, letter)
        filled += 1
    if not is_behind_blank:
        PyUnicode_WRITE(kind, close, filled, BLANK)
        filled += 1
    array.resize(starts, pieces)
    array.resize(origins, pieces)
    return PyUnicode_FromKindAndData(kind, close, filled), starts, origins
