from cpython cimport array


cdef class Page:
    cdef object folded
    cdef str text, closed
    cdef list fields
    cdef array.array starts, origins
    cdef Py_ssize_t count
    cdef bint is_in_order


cdef Page page_of(sheet)
cdef list places_of_word(clause, label, Page page, list hits)
cdef list places_of_phrase(clause, label, str typed, Py_ssize_t before, Page page, sheet, list hits)
cdef object match_of(name, tuple spans)
