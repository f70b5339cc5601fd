# cython: language_level=3, wraparound=False, nonecheck=True
"""Who waits for which clause, and is told once it stands: as the Watchers, look and in_order of standing.py.

A document asks for a thousand things that are scattered over a hundred megabytes. One after the other, waiting
for them would take most of the time: so all that are of a kind are asked for before any of them is looked at.
"""

from cpython.dict cimport PyDict_Contains
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from libc.stdint cimport int64_t, uint64_t
from libc.stdlib cimport qsort

from monitor.topics.ahead cimport fetch_ahead
from monitor.topics.placing cimport Page, page_of, places_of_phrase, places_of_word, match_of

cdef extern from "Python.h":
    PyObject** PySequence_Fast_ITEMS(list these)
    PyObject* PyTuple_GET_ITEM(object these, Py_ssize_t place)

cdef enum:
    NONE = -1
    LINE = 64   # bytes that come from memory at once


cdef struct Named:
    int64_t number
    PyObject* name


cdef struct Names:  # side by side in memory
    Named* each
    Py_ssize_t count


cdef class Watchers:
    """As standing.Watchers: those that the clause is `enough` for, by order, and the `others`, by word."""

    cdef readonly object clause
    cdef object label
    cdef str typed              # of a plain phrase
    cdef Py_ssize_t before
    cdef int64_t also
    cdef bint is_plain
    cdef Names enough, others

    def __init__(self, clause not None, also):
        self.clause = clause
        self.label = clause.label
        self.is_plain, self.typed = clause.is_plain, clause.typed
        self.before = clause.before if self.typed else 0
        self.also = NONE if also is None else also

    def __dealloc__(self):
        _forget(&self.enough)
        _forget(&self.others)

    def __bool__(self):
        return self.enough.count + self.others.count > 0

    def add(self, standing, int64_t beside):
        """Let it wait for the clause, and for the word of this number beside it."""
        if standing.is_any:
            _add(&self.enough, standing.order, standing.name)
        else:
            _add(&self.others, beside, standing.name)

    def remove(self, standing, int64_t beside):
        """Let it wait no more."""
        if standing.is_any:
            _remove(&self.enough, standing.order, standing.name)
        else:
            _remove(&self.others, beside, standing.name)


cdef int _add(Names* names, int64_t number, name) except -1:
    cdef Py_ssize_t count = names.count
    cdef Named* each = names.each
    if count & (count - 1) == 0:  # all room is taken, which is a power of two
        each = <Named*> PyMem_Realloc(each, sizeof(Named) * (2 * count if count else 1))
        if each == NULL:
            raise MemoryError
        names.each = each
    Py_INCREF(name)
    each[count] = Named(number, <PyObject*> name)
    names.count = count + 1
    return 0


cdef int _remove(Names* names, int64_t number, name) except -1:
    cdef Named* each = names.each
    cdef Py_ssize_t place
    for place in range(names.count):
        if each[place].number == number and <object> each[place].name == name:
            kept = <object> each[place].name
            names.count -= 1
            each[place] = each[names.count]
            Py_DECREF(kept)
            return 0
    raise KeyError(name)


cdef void _forget(Names* names) noexcept:
    cdef Py_ssize_t place
    for place in range(names.count):
        Py_DECREF(<object> names.each[place].name)
    PyMem_Free(names.each)


def look(list watched not None, sheet, dict matched not None, dict candidates not None):
    """As standing.look does it."""
    cdef dict found = sheet.found
    if len(found) > 0:
        Look(sheet, found, matched, candidates).look(watched)


cdef class Look:
    """One document's look at all who watch what was found in it."""

    cdef object sheet
    cdef Page page
    cdef dict found, places, matched, candidates
    cdef bint has_others
    cdef uint64_t seen[128]     # a bit for what the numbers that were found end in: most others' is not set

    def __init__(self, sheet, dict found, dict matched, dict candidates):
        self.sheet, self.page, self.has_others = sheet, page_of(sheet), bool(sheet.others)
        self.found, self.places, self.matched, self.candidates = found, sheet.places, matched, candidates
        cdef Py_ssize_t number
        for number in found:
            self.seen[number >> 6 & 127] |= <uint64_t> 1 << (number & 63)

    cdef inline bint is_found(self, int64_t number) except -1:
        return self.seen[number >> 6 & 127] >> (number & 63) & 1 and PyDict_Contains(self.found, number)

    cdef int look(self, list watched) except -1:
        cdef list watching = self._watching(watched)
        cdef Py_ssize_t place
        self._fetch_names(watching)
        for place in range(0, len(watching), 2):
            self._ask(watching[place], watching[place + 1])
        return 0

    cdef list _watching(self, list watched):
        """Watchers whose word was found, each with its hits behind it, and what they know on its way."""
        cdef list watching = []
        cdef PyObject** slots = PySequence_Fast_ITEMS(watched)
        cdef PyObject* one
        cdef Py_ssize_t number, place
        cdef Watchers watchers
        for number in self.found:
            if not 0 <= number < len(watched):
                raise IndexError(number)
            fetch_ahead(slots + number)
        for number in self.found:
            fetch_ahead(slots[number])
        for number in self.found:
            these = <tuple?> <object> slots[number]
            for place in range(len(<tuple> these)):
                one = PyTuple_GET_ITEM(these, place)
                fetch_ahead(one)
                fetch_ahead(<const char*> one + LINE)
        for number, hits in self.found.items():
            for watchers in <tuple> <object> slots[number]:
                fetch_ahead(<PyObject*> watchers.clause)
                fetch_ahead(<PyObject*> watchers.label)
                fetch_ahead(<PyObject*> watchers.typed)
                fetch_ahead(watchers.enough.each)
                fetch_ahead(watchers.others.each)
                watching.append(watchers)
                watching.append(hits)
        return watching

    cdef int _fetch_names(self, list watching) except -1:
        cdef Py_ssize_t place
        cdef Watchers watchers
        for watchers in watching[::2]:
            for place in range(watchers.enough.count):
                fetch_ahead(watchers.enough.each[place].name)
            for place in range(watchers.others.count):
                if self.is_found(watchers.others.each[place].number):
                    fetch_ahead(watchers.others.each[place].name)
        return 0

    cdef int _ask(self, Watchers watchers, list hits) except -1:
        """Locate the clause, if it may stand and anybody waits for it, and tell them."""
        cdef list places
        if watchers.also != NONE and not self.is_found(watchers.also):
            return 0
        if not watchers.enough.count and not self._is_any_beside(watchers):
            return 0
        try:
            places = self._places(watchers, hits)
        except Exception:  # each of the topics comes across it again, and is left out
            self._verify_all(&watchers.enough)
            self._verify_all(&watchers.others)
            return 0
        self.places[watchers.clause] = places
        if places:
            self._verify_others(watchers)
            if watchers.enough.count:
                self._tell(watchers, places)
        return 0

    cdef list _places(self, Watchers watchers, list hits):
        if watchers.is_plain:
            return places_of_word(watchers.clause, watchers.label, self.page, hits)
        self.sheet.work = 0
        if not watchers.typed:
            return watchers.clause.locate(self.sheet, hits)
        return places_of_phrase(
            watchers.clause, watchers.label, watchers.typed, watchers.before, self.page, self.sheet, hits
        )

    cdef bint _is_any_beside(self, Watchers watchers) except -1:
        cdef Py_ssize_t place
        for place in range(watchers.others.count):
            if self.is_found(watchers.others.each[place].number):
                return True
        return False

    cdef int _verify_others(self, Watchers watchers) except -1:
        cdef Py_ssize_t place
        for place in range(watchers.others.count):
            if self.is_found(watchers.others.each[place].number):
                self.candidates[<object> watchers.others.each[place].name] = None
        return 0

    cdef int _verify_all(self, Names* names) except -1:
        cdef Py_ssize_t place
        for place in range(names.count):
            self.candidates[<object> names.each[place].name] = None
        return 0

    cdef int _tell(self, Watchers watchers, list places) except -1:
        """Put down those that it is enough for."""
        cdef tuple spans, place
        cdef Py_ssize_t number
        if self.has_others or len(places) > 1 and not (watchers.is_plain and self.page.is_in_order):
            spans = self.sheet.told(places)
        else:
            spans = tuple([place[2] for place in places])
        for number in range(watchers.enough.count if spans else 0):
            order, name = watchers.enough.each[number].number, <object> watchers.enough.each[number].name
            if PyDict_Contains(self.matched, order):  # for another clause, too: there is more to show
                self.candidates[name] = None
            else:
                self.matched[order] = match_of(name, spans)
        return 0


cdef struct Placed:
    int64_t order
    PyObject* match


def in_order(dict matched not None):
    """As standing.in_order does it."""
    cdef Py_ssize_t count = len(matched), place = 0
    cdef Placed* these = <Placed*> PyMem_Malloc(sizeof(Placed) * (count + 1))
    if these == NULL:
        raise MemoryError
    try:
        for order, match in matched.items():
            these[place] = Placed(order, <PyObject*> match)
            place += 1
        qsort(these, count, sizeof(Placed), _by_order)
        matches = PyTuple_New(count)
        for place in range(count):
            match = <object> these[place].match
            Py_INCREF(match)
            PyTuple_SET_ITEM(matches, place, match)
    finally:
        PyMem_Free(these)
    return matches


cdef int _by_order(const void* one, const void* other) noexcept nogil:
    cdef int64_t left = (<const Placed*> one).order, right = (<const Placed*> other).order
    return (left > right) - (left < right)
