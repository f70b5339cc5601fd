"""The children that send. What they are told, and what comes of it, is sending.py's."""

from monitor.sandbox import Sandbox

SENDER_MEMORY = 256 * 1024 * 1024
"""What a child that sends may use: three times what it does."""

KEPT_WARM = 2


def senders(workers: int) -> Sandbox:
    """The children that send; from the first alert on two stay warm, so that none waits for a start."""
    return Sandbox(
        workers, memory_bytes=SENDER_MEMORY, preload=("monitor.alerts.deliver",), keep_warm=KEPT_WARM
    )
