# cython: language_level=3, boundscheck=False, wraparound=False
"""Finds words between blanks, and neighbours of them, in a folded text: the quick half of presearch.py.

A trie whose letters are whole words, its nodes in one hash table: where a word begins, its hash leads to its
node, and as long as something goes on from there, so does the next word's. Only what seems to have a node is
compared, letter by letter. For most words the look at one byte is enough, and all these bytes stay in the
processor's cache, where the states of an automaton do not: fetching them is what takes its time.
"""

from cpython.dict cimport PyDict_GetItem
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.ref cimport PyObject
from libc.stdint cimport INT32_MAX, int32_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp

from monitor.topics.ahead cimport fetch_ahead

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    const void* PyUnicode_DATA(object text)
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    uint32_t PyUnicode_READ(int kind, const void* letters, Py_ssize_t place)

cdef enum:
    NONE = -1
    BLANK = 32
    AT_ONCE = 128  # words


cdef struct Node:
    uint32_t spelt      # where in all spellings stands what this is the beginning of
    uint32_t length     # of that beginning, with the blanks around it
    uint32_t goes_on    # whether longer spellings begin like this
    uint32_t covers     # how much of it a hit tells
    int32_t word        # whose spelling it is, or NONE
    int32_t following   # another node of the same spelling, which has no slot, or NONE


cdef class WordIndex:
    """Spellings of words, each `(spelling, covers, number)`: with a blank at its ends and between its words.

    A hit of the spelling is told of the word of that number, as if only so many letters were looked for.
    Raises ValueError for one that is no word between blanks.
    """

    cdef str _spelt
    cdef uint8_t* _tags         # of each slot bits of its node's hash, or 0: most words need no look at more
    cdef uint32_t* _numbers     # the node of each slot
    cdef Node* _nodes
    cdef uint32_t _count
    cdef size_t _mask

    def __cinit__(self, list spellings not None):
        cdef list taken = spellings[:]  # nobody changes this one meanwhile
        cdef tuple each
        cdef str spelling
        cdef uint32_t covers
        cdef int32_t word
        cdef Py_ssize_t place = 0
        for each in taken:
            spelling, covers, word = each
            if not _is_between_blanks(spelling):
                raise ValueError(f"no word between blanks: {spelling!r}")
            if covers > len(spelling) or word < 0:
                raise ValueError(f"no hit of a word can be told so: {each!r}")
        self._spelt = "".join([spelling for spelling, _, _ in taken])
        self._make_room(self._spelt.count(" "), self._spelt.count(" ") - len(taken))
        for each in taken:
            spelling, covers, word = each
            self._add(place, len(spelling), covers, word)
            place += len(spelling)

    def __dealloc__(self):
        PyMem_Free(self._tags)
        PyMem_Free(self._numbers)
        PyMem_Free(self._nodes)

    def find(self, str text not None, dict found not None):
        """Add what stands in the text to what was found, the hits of each word in order."""
        cdef int kind = PyUnicode_KIND(text)
        cdef const void* letters = PyUnicode_DATA(text)
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), end = 0, count, place
        cdef Py_ssize_t borders[AT_ONCE + 1]
        cdef uint64_t states[AT_ONCE]
        cdef int known[AT_ONCE]
        while end + 1 < length:
            borders[0], count = end, 0
            while end + 1 < length and count < AT_ONCE:
                states[count] = 0
                end = _end_of_word(kind, letters, length, end + 1, &states[count])
                count += 1
                borders[count] = end
            count = self._look_up(states, count, known)
            for place in known[:count]:
                self._follow(states[place], kind, letters, length, borders[place], borders[place + 1], found)

    cdef int _look_up(self, const uint64_t* states, Py_ssize_t count, int* known) noexcept:
        """Which of these words may have a node, and how many; what there is of them is then on its way."""
        cdef uint32_t slots[AT_ONCE]
        cdef int place, there = 0
        cdef size_t slot
        for place in range(count):
            slot = states[place] & self._mask
            while self._tags[slot] != 0 and self._tags[slot] != _tag(states[place]):
                slot = (slot + 1) & self._mask
            if self._tags[slot] != 0:
                fetch_ahead(&self._numbers[slot])
                known[there], slots[there] = place, slot
                there += 1
        for place in range(there):
            fetch_ahead(&self._nodes[self._numbers[slots[place]]])
        for place in range(there):
            fetch_ahead(self._spelling_of(&self._nodes[self._numbers[slots[place]]]))
        return there

    cdef inline const void* _spelling_of(self, Node* node) noexcept:
        return <const uint8_t*> PyUnicode_DATA(self._spelt) + node.spelt * PyUnicode_KIND(self._spelt)

    cdef int _follow(
        self,
        uint64_t state,
        int kind,
        const void* letters,
        Py_ssize_t length,
        Py_ssize_t start,
        Py_ssize_t end,
        dict found,
    ) except -1:
        """From a word on, go from node to node as far as the text does, and tell of what is spelt there."""
        cdef size_t slot
        cdef Node* node
        while end < length:
            slot = self._slot(state, kind, letters, start, end + 1)
            if self._tags[slot] == 0:
                break
            node = &self._nodes[self._numbers[slot]]
            if node.word != NONE:
                self._tell(node, start, found)
            if not node.goes_on:
                break
            end = _end_of_word(kind, letters, length, end + 1, &state)
        return 0

    cdef int _make_room(self, size_t nodes, size_t beginnings) except -1:
        """For so many nodes at most, and twice as many slots as there may be beginnings of spellings."""
        cdef size_t slots = 64
        if len(self._spelt) > INT32_MAX:
            raise OverflowError("more letters than can be numbered")
        while slots < 2 * beginnings:
            slots *= 2
        self._mask = slots - 1
        self._tags = <uint8_t*> PyMem_Calloc(slots, sizeof(uint8_t))
        self._numbers = <uint32_t*> PyMem_Calloc(slots, sizeof(uint32_t))
        self._nodes = <Node*> PyMem_Calloc(nodes + 1, sizeof(Node))
        if self._tags == NULL or self._numbers == NULL or self._nodes == NULL:
            raise MemoryError
        return 0

    cdef void _add(self, Py_ssize_t start, Py_ssize_t length, uint32_t covers, int32_t word) noexcept:
        """Add the spelling that stands in all of them from this place on."""
        cdef int kind = PyUnicode_KIND(self._spelt)
        cdef const void* letters = PyUnicode_DATA(self._spelt)
        cdef Py_ssize_t end = start
        cdef uint64_t state = 0
        cdef size_t slot
        cdef Node* node = NULL
        cdef int32_t following
        while end < start + length - 1:
            if node != NULL:
                node.goes_on = True
            end = _end_of_word(kind, letters, start + length, end + 1, &state)
            slot = self._slot(state, kind, letters, start, end + 1)
            if self._tags[slot] == 0:
                self._tags[slot], self._numbers[slot] = _tag(state), self._new(start, end + 1 - start)
            node = &self._nodes[self._numbers[slot]]
        if node.word != NONE:
            following = node.following
            node.following, node = self._count, &self._nodes[self._new(start, length)]
            node.following = following
        node.covers, node.word = covers, word

    cdef uint32_t _new(self, Py_ssize_t start, Py_ssize_t length) noexcept:
        """The number of a new node."""
        cdef Node* node = &self._nodes[self._count]
        node.spelt, node.length, node.word, node.following = start, length, NONE, NONE
        self._count += 1
        return self._count - 1

    cdef size_t _slot(
        self, uint64_t state, int kind, const void* letters, Py_ssize_t start, Py_ssize_t end
    ) noexcept:
        """The slot of the node for this stretch of the text, or the empty one where it would be."""
        cdef uint8_t tag = _tag(state)
        cdef size_t slot = state & self._mask
        while self._tags[slot] != 0:
            if self._tags[slot] == tag and self._is_spelt(
                &self._nodes[self._numbers[slot]], kind, letters, start, end
            ):
                break
            slot = (slot + 1) & self._mask
        return slot

    cdef bint _is_spelt(
        self, Node* node, int kind, const void* letters, Py_ssize_t start, Py_ssize_t end
    ) noexcept:
        """Whether this stretch of the text is what the node stands for."""
        cdef int own_kind = PyUnicode_KIND(self._spelt)
        cdef const void* own = PyUnicode_DATA(self._spelt)
        cdef Py_ssize_t place, begin = node.spelt, length = end - start
        if length != node.length:
            return False
        if kind == own_kind:
            return memcmp(<const uint8_t*> letters + start * kind, self._spelling_of(node), length * kind) == 0
        for place in range(length):
            if PyUnicode_READ(kind, letters, start + place) != PyUnicode_READ(own_kind, own, begin + place):
                return False
        return True

    cdef int _tell(self, Node* node, Py_ssize_t start, dict found) except -1:
        """Put down a hit of the node's word, and of all others that are spelt alike."""
        cdef PyObject* hits
        while True:
            word, hit = node.word, (0, start, start + node.covers)
            hits = PyDict_GetItem(found, word)
            if hits == NULL:
                found[word] = [hit]
            else:
                (<list?> <object> hits).append(hit)
            if node.following == NONE:
                return 0
            node = &self._nodes[node.following]


cdef bint _is_between_blanks(str spelling) except -1:
    """Whether each of its words has a blank on both sides, and no more than one."""
    return len(spelling) > 2 and spelling[0] == " " and spelling.endswith(" ") and "  " not in spelling


cdef inline uint8_t _tag(uint64_t state) noexcept:
    return <uint8_t> (state >> 56) | 1


cdef inline Py_ssize_t _end_of_word(
    int kind, const void* letters, Py_ssize_t length, Py_ssize_t place, uint64_t* state
) noexcept:
    """Where the next blank is; the word up to it is taken into the state. The hash is FNV-1a, by letters."""
    cdef uint64_t hashed = state[0]
    cdef uint32_t letter
    while place < length:
        letter = (<const uint8_t*> letters)[place] if kind == 1 else PyUnicode_READ(kind, letters, place)
        if letter == BLANK:
            break
        hashed = (hashed ^ letter) * <uint64_t> 0x100000001B3
        place += 1
    state[0] = (hashed ^ (hashed >> 29)) * <uint64_t> 0x100000001B3
    return place
