"""Refuse every connection that leaves this machine, in this and all child processes."""

import sys

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def refuse(event, arguments):
    """Audit hook: raise when a name is looked up or a socket connected off the machine."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path: a local socket
    elif event == "socket.getaddrinfo":
        host = arguments[0] or ""
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and not str(host).startswith(LOOPBACK):
        raise ConnectionRefusedError(f"Tune Up works offline: refused to connect to {host}")


sys.addaudithook(refuse)
