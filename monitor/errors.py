"""The error tree: everything the monitor raises on purpose.

MonitorError
 ├─ ConfigError            the configuration is wrong: all its problems, each with its place
 │   └─ EditRefusedError         an edit of it was not made: it would break something, or lose another's
 ├─ WrongUseError          a command was asked for something that is not there, or makes no sense
 ├─ TemplateError          a message's template is wrong, or makes something that can not be sent
 ├─ QueryError             a query is wrong, with the position in its text
 ├─ RetrieveError          a document could not be had (carries .retryable and .retry_after)
 │   └─ ForbiddenAddressError   the address is private and not allowed
 ├─ ParseError             a document is not a feed
 ├─ ArticleError           a page has no article that can be read
 ├─ PlacingError           entries can not be placed in a story: a bug of ours, which is its cause
 ├─ StoreError             the database can not be used
 │   ├─ NoDatabaseError         there is none
 │   ├─ NewerDatabaseError      it was written by a newer version
 │   ├─ DatabaseInUseError      another daemon holds it
 │   └─ DiskFullError           there is no room to write
 └─ SandboxError           a child process did not finish its work
     ├─ SandboxTimeoutError     it took too long and was killed
     └─ SandboxCrashError       it died (out of memory, killed, crashed)

An error's docstring is its default message. Foreign exceptions are wrapped where they enter.
"""


class MonitorError(Exception):
    """Something went wrong in the monitor."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())


class WrongUseError(MonitorError, ValueError):
    """The command was asked for something that is not there, or makes no sense."""


class PlacingError(MonitorError):
    """Entries can not be placed in a story."""


class StoreError(MonitorError):
    """The database can not be used."""


class NoDatabaseError(StoreError):
    """There is no database."""


class NewerDatabaseError(StoreError):
    """The database was written by a newer version of the monitor."""


class DatabaseInUseError(StoreError):
    """Another daemon is running on this database."""


class DiskFullError(StoreError):
    """The disk is full: nothing can be stored until there is room."""


class ParseError(MonitorError, ValueError):
    """The document is not a feed."""


class ArticleError(MonitorError, ValueError):
    """The page has no article that can be read."""


class SandboxError(MonitorError):
    """A child process did not finish its work."""


class SandboxTimeoutError(SandboxError, TimeoutError):
    """A child process took too long and was killed."""


class SandboxCrashError(SandboxError):
    """A child process died."""


class RetrieveError(MonitorError, OSError):
    """The document could not be retrieved; not `reached` where no server has answered at all."""

    def __init__(
        self,
        message: str = "",
        *,
        url: str = "",
        status: int | None = None,
        retryable: bool = True,
        retry_after: str | None = None,
        reached: bool = True,
    ) -> None:
        super().__init__(message)
        self.url = url
        self.reached = reached
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after


class ForbiddenAddressError(RetrieveError):
    """The address is in a private network and the subscription does not allow it."""


class TemplateError(MonitorError, ValueError):
    """The template can not be used."""


class QueryError(MonitorError, ValueError):
    """The query is wrong; .start and .end are character positions in its text, .hint may help."""

    def __init__(self, message: str = "", *, start: int = 0, end: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.start = start
        self.end = max(end, start)
        self.hint = hint


class ConfigError(MonitorError, ValueError):
    """The configuration is wrong; .problems has them all, in the order of their places."""

    def __init__(self, message: str = "", *, problems: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class EditRefusedError(ConfigError):
    """The edit was refused; nothing was written."""
