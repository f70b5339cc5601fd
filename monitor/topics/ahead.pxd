"""Asks for what will be looked at soon: while it comes from memory, other things can be done."""

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define fetch_ahead(place) __builtin_prefetch(place)
    #else
    #define fetch_ahead(place) ((void) (place))
    #endif
    """
    void fetch_ahead(const void* place) noexcept nogil
