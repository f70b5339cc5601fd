"""Tells systemd that the daemon is ready, alive, reloading or stopping (sd_notify)."""

import os
import socket


def notify(*states: str) -> None:
    """Send states such as "READY=1" to the service manager; does nothing where there is none."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # A leading @ means Linux's abstract namespace.
    path = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.connect(path)
            channel.sendall("\n".join(states).encode())
        except OSError:
            return  # a service manager that went away is no reason to stop
