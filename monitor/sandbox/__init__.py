"""Killable child processes with limits on wall time, CPU and memory, for work that can not be trusted to end.

    event loop ── nursery (one process, modules loaded, idle) ── forks ── children, warm, one call at a time
         └───────────────────── a socket to each child ────────────────────────┘

Does not know what work it is. Nothing starts before the first call, nothing outlives the monitor.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.sandbox.pool import Sandbox

__all__ = ["Sandbox"]


def __getattr__(name: str) -> Any:
    """`Sandbox`, only when asked for: the children import this package too, and asyncio is 4 MB of each."""
    if name == "Sandbox":
        from monitor.sandbox.pool import Sandbox

        return Sandbox
    raise AttributeError(name)
