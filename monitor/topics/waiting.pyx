# cython: language_level=3, wraparound=False, nonecheck=True
"""Where plain words stand, and for whom that is enough: as phrases.PlainWord and standing.look, but quick."""

from cpython cimport array
from cpython.dict cimport PyDict_Contains
from cpython.object cimport PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM
from libc.stdint cimport int64_t

from operator import itemgetter

from monitor.topics.match import Match, Span
from monitor.topics.text import AT_JOINT, NOT_A_WORD, is_joint

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject* kind, Py_ssize_t length)

cdef extern from *:
    """
    #if PY_VERSION_HEX >= 0x030E0000  /* a tuple keeps its hash, and zero is one */
    #define not_yet_hashed(made) (((PyTupleObject*) (made))->ob_hash = -1)
    #else
    #define not_yet_hashed(made) ((void) 0)
    #endif
    """
    void not_yet_hashed(object made)

cdef object _SPAN = Span, _MATCH = Match, _TOLD = itemgetter(2)
cdef Py_ssize_t _NOT_A_WORD = NOT_A_WORD
cdef str _AT_JOINT = "".join(sorted(AT_JOINT))
cdef dict _NOBODY = {}


cdef class Waiting:
    """What there is to know of a clause and of those that wait for it: see standing.Watchers."""

    cdef readonly object clause, also
    cdef object label
    cdef public dict enough, waiting
    cdef bint is_plain
    cdef object only_name  # of the one topic that it is enough for, at hand: most have but one
    cdef int64_t only_order

    def __init__(self, clause not None, also):
        self.clause = clause
        self.also = also
        self.enough = self.waiting = _NOBODY
        self.label = clause.label
        self.is_plain = clause.is_plain

    def note(self):
        """Take note of those that it is enough for."""
        self.only_name = None
        if len(self.enough) == 1:
            self.only_order, self.only_name = next(iter(self.enough.items()))


cdef class Page:
    """A sheet, as plain words are located on it."""

    cdef object folded
    cdef str text
    cdef list fields
    cdef array.array starts, origins
    cdef Py_ssize_t count  # of its pieces
    cdef bint is_in_order  # whatever is found in order stands in order, and once

    def __init__(self, sheet):
        self.folded, self.text, self.fields = sheet.folded, sheet.text, sheet.fields()
        starts, origins = sheet.folded.pieces()
        self.starts, self.origins, self.count = _as_array(starts), _as_array(origins), len(starts)
        if not 0 < self.count == len(origins):
            raise ValueError(f"a sheet of {self.count} pieces")
        self.is_in_order = sheet.folded.wide is not None


cdef array.array _as_array(places):
    is_array = isinstance(places, array.array) and places.typecode == "i"
    return places if is_array else array.array("i", places)


def look(list watched not None, sheet, dict matched not None, dict candidates not None):
    """As standing.look does it."""
    cdef dict found = sheet.found
    cdef Page page = page_of(sheet) if found else None
    cdef Waiting watchers
    cdef list places
    for number, hits in found.items():
        for watchers in <tuple?> watched[<Py_ssize_t> number]:
            if not _is_promising(watchers, found):
                continue
            try:
                if watchers.is_plain:
                    places = _places(watchers.clause, watchers.label, page, hits)
                else:
                    sheet.work = 0
                    places = watchers.clause.locate(sheet, hits)
            except Exception:
                watchers.look(sheet, hits, matched, candidates)  # which comes across it again
                continue
            sheet.places[watchers.clause] = places
            if places:
                _put_down(watchers, sheet, found, places, matched, candidates)


def locate(clause, sheet, hits):
    """As PlainWord.locate does it."""
    return _places(clause, clause.label, page_of(sheet), list(hits))


cdef Page page_of(sheet):
    if sheet.page is None:
        sheet.page = Page(sheet)
    return sheet.page


cdef bint _is_promising(Waiting watchers, dict found) except -1:
    if watchers.also is not None and not PyDict_Contains(found, watchers.also):
        return False
    if watchers.only_name is not None or watchers.enough:
        return True
    for word in watchers.waiting:
        if PyDict_Contains(found, word):
            return True
    return False


cdef int _put_down(Waiting watchers, sheet, dict found, list places, dict matched, dict candidates) except -1:
    cdef tuple spans
    if watchers.waiting:
        for word, names in watchers.waiting.items():
            if PyDict_Contains(found, word):
                candidates.update(names)
    if watchers.only_name is None and not watchers.enough:
        return 0
    if sheet.others or len(places) > 1 and not (watchers.is_plain and (<Page?> sheet.page).is_in_order):
        spans = sheet.told(places)
    else:
        spans = tuple(map(_TOLD, places))
    if not spans:
        return 0
    if watchers.only_name is not None:
        return _put_down_one(watchers.only_order, watchers.only_name, spans, matched, candidates)
    for order, name in watchers.enough.items():
        _put_down_one(order, name, spans, matched, candidates)
    return 0


cdef int _put_down_one(order, name, tuple spans, dict matched, dict candidates) except -1:
    if PyDict_Contains(matched, order):  # for another clause, too: there is more to show
        candidates[name] = None
    else:
        matched[order] = _record(_MATCH, (name, spans))
    return 0


cdef list _places(clause, label, Page page, list hits):
    """All places of a plain word, in order, with their spans."""
    cdef list places = []
    cdef tuple hit
    cdef Py_ssize_t start, end
    for hit in hits:
        start, end = _origins(page, hit[1] + 1, hit[2] - 1)
        if _is_at_joint(page.text, start, end) or not page.text[end - 1].isalnum():  # as behind a soft hyphen
            start, end = clause.settled(page.text, start, end)
        if end != _NOT_A_WORD:
            places.append(_occurrence(page, start, end, label))
    return places if page.is_in_order else sorted(set(places))


cdef bint _is_at_joint(str text, Py_ssize_t start, Py_ssize_t end) except *:
    """Whether what stands beside may belong to what is here."""
    return text[start - 1] in _AT_JOINT or text[end] in _AT_JOINT and is_joint(text, end)


cdef tuple _occurrence(Page page, Py_ssize_t start, Py_ssize_t end, label):
    """The place with its span, as Sheet.as_places has them."""
    cdef tuple field
    cdef Py_ssize_t border = 0
    for field in page.fields:
        border = field[0]
        if border <= start:
            break
    told = str(field[2])[start - border : end - border]  # it may be of a class derived from str
    return start, end, _record(_SPAN, (field[1], start - border, end - border, told, label))


cdef (Py_ssize_t, Py_ssize_t) _origins(Page page, Py_ssize_t start, Py_ssize_t end) except *:
    """Where a stretch of the folded text is in the original: as Folded.stretch tells it."""
    cdef const int* starts = page.starts.data.as_ints
    cdef Py_ssize_t piece = _piece(page, start), shift = page.origins.data.as_ints[piece] - starts[piece]
    if piece + 1 < page.count and end >= starts[piece + 1]:
        start, end = page.folded.stretch(start, end)
        return start, end
    return start + shift, end + shift


cdef Py_ssize_t _piece(Page page, Py_ssize_t start) noexcept:
    """The piece of the folded text that this is in, by halves."""
    cdef const int* starts = page.starts.data.as_ints
    cdef Py_ssize_t low = 0, high = page.count, middle
    while high - low > 1:
        middle = (low + high) // 2
        if starts[middle] <= start:
            low = middle
        else:
            high = middle
    return low


cdef object _record(object kind, tuple values):
    """A named tuple of these values."""
    cdef Py_ssize_t place, length = len(values)
    made = PyType_GenericAlloc(<PyTypeObject*> kind, length)
    not_yet_hashed(made)
    for place in range(length):
        value = values[place]
        Py_INCREF(value)
        PyTuple_SET_ITEM(made, place, value)
    return made
