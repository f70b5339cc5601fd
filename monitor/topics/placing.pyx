# cython: language_level=3, wraparound=False, nonecheck=True
"""Where plain words and phrases of such stand, and how many words are between: as PlainWord, PlainPhrase and
text.are_few_words tell it, but quick.
"""

from cpython cimport array
from cpython.object cimport PyTypeObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM

from monitor.topics.fold import APOSTROPHES
from monitor.topics.match import Match, Span
from monitor.topics.text import AT_JOINT, MOST_JOINTS, NOT_A_WORD, is_joint

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

cdef object _SPAN = Span, _MATCH = Match
cdef Py_ssize_t _NOT_A_WORD = NOT_A_WORD
cdef Py_ssize_t _MOST_JOINTS = MOST_JOINTS
cdef str _AT_JOINT = "".join(sorted(AT_JOINT)), _JOINTS = APOSTROPHES + "."


cdef class Page:
    """A sheet, as words are located on it.

    `is_in_order`: whatever is found in order stands in order, and once. `count` is of its pieces.
    """

    def __init__(self, sheet):
        folded = self.folded = sheet.folded
        self.text, self.closed, self.fields = sheet.text, folded.text, sheet.fields()
        starts, origins = folded.pieces()
        self.starts, self.origins, self.count = _as_array(starts), _as_array(origins), len(starts)
        if not 0 < self.count == len(origins):
            raise ValueError(f"a sheet of {self.count} pieces")
        self.is_in_order = folded.wide is not None


cdef array.array _as_array(places):
    is_array = isinstance(places, array.array) and places.typecode == "i"
    return places if is_array else array.array("i", places)


def locate_word(clause, sheet, hits):
    """As PlainWord.locate does it."""
    return places_of_word(clause, clause.label, page_of(sheet), list(hits))


def locate_phrase(clause, sheet, hits):
    """As PlainPhrase.locate does it."""
    return places_of_phrase(clause, clause.label, clause.typed, clause.before, page_of(sheet), sheet, list(hits))


cdef Page page_of(sheet):
    if sheet.page is None:
        sheet.page = Page(sheet)
    return sheet.page


cdef list places_of_word(clause, label, Page page, list hits):
    """All places of a plain word, in order, with their spans."""
    cdef list places = []
    cdef tuple hit
    cdef Py_ssize_t start, end
    for hit in hits:
        start, end = _origins(page, hit[1] + 1, hit[2] - 1)
        if _is_beside_more(page, start, end):
            start, end = clause.settled(page.text, start, end)
        if end != _NOT_A_WORD:
            places.append(_occurrence(page, start, end, label))
    return places if page.is_in_order else sorted(set(places))


cdef list places_of_phrase(clause, label, str typed, Py_ssize_t before, Page page, sheet, list hits):
    """All places of a phrase that is typed so, and begins so far before the hits, in order, with their spans."""
    cdef list places = []
    cdef tuple hit
    cdef Py_ssize_t start, end, begin, done = 0
    cdef bint is_in_order = True
    if not page.is_in_order:
        return clause.locate_by_words(sheet, hits)
    for hit in hits:
        begin = hit[1] - before
        if begin >= 0 and page.closed.startswith(typed, begin):
            if not _is_in_one_piece(page, begin + 1, begin + len(typed) - 1):
                return clause.locate_by_words(sheet, hits)
            start, end = _origins(page, begin + 1, begin + len(typed) - 1)
            if _is_beside_more(page, start, end):
                start, end = clause.settled(page.text, start, end)
        else:
            start, end = clause.place_otherwise(sheet, hit)
        if end != _NOT_A_WORD:
            places.append(_occurrence(page, start, end, label))
            is_in_order &= start >= done
            done = end
    return places if is_in_order else sorted(set(places))


cdef bint _is_beside_more(Page page, Py_ssize_t start, Py_ssize_t end) except *:
    """Whether something stands beside that may belong to it, or inside, as a soft hyphen at its end."""
    cdef str text = page.text
    return (
        text[start - 1] in _AT_JOINT
        or text[end] in _AT_JOINT
        and is_joint(text, end)
        or not text[end - 1].isalnum()
    )


cdef tuple _occurrence(Page page, Py_ssize_t start, Py_ssize_t end, label):
    """The place with its span, as Sheet.as_places has them."""
    cdef tuple field
    cdef Py_ssize_t border = 0
    for field in page.fields:
        border = field[0]
        if border <= start:
            break
    told = str(field[2])[start - border : end - border]  # it may be of a class derived from str
    return start, end, _span(field[1], start - border, end - border, told, label)


cdef bint _is_in_one_piece(Page page, Py_ssize_t start, Py_ssize_t end) except -1:
    piece = _piece(page, start)
    return piece + 1 == page.count or end < page.starts.data.as_ints[piece + 1]


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


def are_few_words(str text not None, str wide not None, Py_ssize_t start, Py_ssize_t end, *, Py_ssize_t most):
    """As text.are_few_words does it."""
    cdef Py_ssize_t begun = wide[start - 1] != " ", place, count = 0, joints = 0
    cdef bint is_inside = False
    for place in range(start - 1, end):
        if wide[place].isspace():
            is_inside = False
        elif not is_inside:
            if count == most + begun + _MOST_JOINTS + 1:
                end = place
                break
            is_inside = True
            count += 1
    if count <= most + begun:
        return True
    for place in range(start - 1, end - 1):
        joints += text[place] in _JOINTS and text[place + 1].isalnum()
    return False if count - begun - joints > most else None


cdef object match_of(name, tuple spans):
    made = PyType_GenericAlloc(<PyTypeObject*> _MATCH, 2)
    not_yet_hashed(made)
    _put(made, 0, name)
    _put(made, 1, spans)
    return made


cdef object _span(field, start, end, text, clause):
    made = PyType_GenericAlloc(<PyTypeObject*> _SPAN, 5)
    not_yet_hashed(made)
    _put(made, 0, field)
    _put(made, 1, start)
    _put(made, 2, end)
    _put(made, 3, text)
    _put(made, 4, clause)
    return made


cdef inline void _put(made, Py_ssize_t place, value):
    Py_INCREF(value)
    PyTuple_SET_ITEM(made, place, value)
