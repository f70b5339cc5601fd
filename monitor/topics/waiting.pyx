# cython: language_level=3, wraparound=False, nonecheck=True
"""Whom a clause is enough for, and telling them of plain words: the quick way of standing.Watchers.look."""

from cpython.dict cimport PyDict_Contains
from cpython.object cimport PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM

from monitor.topics.match import Match, Span
from monitor.topics.text import AT_JOINT, NOT_A_WORD, is_joint

cdef extern from "Python.h":
    object PyType_GenericAlloc(PyTypeObject* kind, Py_ssize_t length)

cdef object _SPAN = Span, _MATCH = Match
cdef Py_ssize_t _NOT_A_WORD = NOT_A_WORD
cdef str _AT_JOINT = "".join(sorted(AT_JOINT))
cdef dict _NOBODY = {}


cdef class Waiting:
    """What there is to know of a clause and of those that wait for it: see standing.Watchers."""

    cdef readonly object clause, also
    cdef public dict enough, waiting
    cdef str label
    cdef bint is_plain

    def __init__(self, clause not None, also):
        self.clause = clause
        self.also = also
        self.enough = self.waiting = _NOBODY
        self.label = clause.label
        self.is_plain = clause.is_plain


cdef class Page:
    """A sheet whose text was closed up, as it is looked at here."""

    cdef str text
    cdef list fields
    cdef const int[::1] starts, origins

    def __init__(self, sheet):
        self.text = sheet.text
        self.fields = sheet.fields()
        self.starts, self.origins = sheet.folded.pieces()


def look(list watched not None, sheet, dict matched not None, dict candidates not None):
    """For each clause whose word was found, if it stands, put down who matches for it, and who has to be verified."""
    cdef dict found = sheet.found
    cdef Page page = page_of(sheet)
    cdef Waiting watchers
    cdef list places
    for number, hits in found.items():
        for watchers in <tuple?> watched[<Py_ssize_t> number]:
            if not _is_promising(watchers, found):
                continue
            places = None
            if page is not None and watchers.is_plain:
                try:
                    places = _places(watchers.clause, watchers.label, page, hits)
                except Exception:
                    pass  # looking tells what is wrong
            if places is None:
                watchers.look(sheet, hits, matched, candidates)
            elif places:
                _put_down(watchers, sheet, found, places, matched, candidates)


def locate(clause, sheet, list hits):
    """Where a plain word stands on a sheet whose text was closed up."""
    return _places(clause, clause.label, page_of(sheet), hits)


cdef Page page_of(sheet):
    if sheet.page is None and sheet.folded.wide is not None:
        sheet.page = Page(sheet)
    return sheet.page


cdef bint _is_promising(Waiting watchers, dict found) except -1:
    if watchers.also is not None and not PyDict_Contains(found, watchers.also):
        return False
    if watchers.enough:
        return True
    for word in watchers.waiting:
        if PyDict_Contains(found, word):
            return True
    return False


cdef int _put_down(Waiting watchers, sheet, dict found, list places, dict matched, dict candidates) except -1:
    cdef tuple spans
    sheet.places[watchers.clause] = places
    if watchers.waiting:
        for word, names in watchers.waiting.items():
            if PyDict_Contains(found, word):
                candidates.update(names)
    if not watchers.enough:
        return 0
    spans = sheet.told(places) if sheet.others else tuple([(<tuple> place)[2] for place in places])
    if spans:
        for order, name in watchers.enough.items():
            if PyDict_Contains(matched, order):
                candidates[name] = None
            else:
                matched[order] = _record(_MATCH, (name, spans))
    return 0


cdef list _places(clause, str label, Page page, list hits):
    """As PlainWord.locate has them: in order, none within another."""
    cdef list places = []
    cdef tuple hit, field
    cdef Py_ssize_t start, end, shift, border = 0
    cdef Py_UCS4 behind
    cdef str text = page.text
    for hit in hits:
        start, end = hit[1], hit[2]
        shift = _shift(page, start + 1)
        start += shift + 1
        end += shift - 1
        behind = text[end]
        if text[start - 1] in _AT_JOINT or behind in _AT_JOINT and is_joint(text, end):
            start, end = clause.settled(text, start, end)
            if end == _NOT_A_WORD:
                continue
        for field in page.fields:
            border = field[0]
            if border <= start:
                break
        span = _record(_SPAN, (field[1], start - border, end - border, (<str?> field[2])[start - border : end - border], label))
        places.append((start, end, span))
    return places


cdef Py_ssize_t _shift(Page page, Py_ssize_t start) noexcept:
    cdef Py_ssize_t low = 0, high = page.starts.shape[0], middle
    while high - low > 1:
        middle = (low + high) // 2
        if page.starts[middle] <= start:
            low = middle
        else:
            high = middle
    return page.origins[low] - page.starts[low]


cdef object _record(object kind, tuple values):
    """A named tuple of these values."""
    cdef Py_ssize_t place, length = len(values)
    made = PyType_GenericAlloc(<PyTypeObject*> kind, length)
    for place in range(length):
        value = values[place]
        Py_INCREF(value)
        PyTuple_SET_ITEM(made, place, value)
    return made
