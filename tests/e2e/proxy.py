"""A wire that can be cut: passes TCP to the server and back until told otherwise."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

RESET = struct.pack("ii", 1, 0)  # linger for no time: closing sends a reset, as a lost connection looks


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything to another port there.

    `cut` breaks all connections; while `down`, none is let in. `cuts` are amounts of bytes, as sent, that may still
    come down to the page's WebSocket before it breaks, most likely within a message; the next amount is for the next
    one. With `stay_down` the wire stays cut after the last amount.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.down = False
        self.cuts: list[int] = []
        self.stay_down = False
        self.done = 0  # amounts used up
        self.lock = threading.Lock()
        self.pairs: list[tuple[socket.socket, socket.socket]] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # closed
            if self.down:
                reset(client)
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            with self.lock:
                self.pairs.append((client, server))
            threading.Thread(target=self.up, args=(client, server), daemon=True).start()

    def up(self, client: socket.socket, server: socket.socket) -> None:
        """From the browser to the server; the first bytes tell whether it is a WebSocket."""
        with suppress(OSError):
            head = client.recv(65_536)
            socketed = head.startswith(b"GET /socket.io")
            threading.Thread(target=self.pump_down, args=(client, server, socketed), daemon=True).start()
            while head:
                server.sendall(head)
                head = client.recv(65_536)
        reset(server)
        reset(client)

    def pump_down(self, client: socket.socket, server: socket.socket, socketed: bool) -> None:
        with suppress(OSError):
            while data := server.recv(16_384):
                client.sendall(data[: self.cuts[0]] if socketed and self.cuts else data)
                if socketed and self.cuts and self.spend(len(data)):
                    reset(server)
                    break
            # A reset would take back what the browser has not read yet.
            client.shutdown(socket.SHUT_WR)
            return
        reset(client)
        reset(server)

    def spend(self, count: int) -> bool:
        """Take bytes off the amount in force; True when it is used up."""
        self.cuts[0] -= count
        if self.cuts[0] > 0:
            return False
        self.cuts.pop(0)
        self.done += 1
        self.down = self.stay_down and not self.cuts
        return True

    def cut(self) -> None:
        """Break every connection."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for client, server in pairs:
            reset(client)
            reset(server)

    def close(self) -> None:
        self.listener.close()
        self.cut()


def reset(connection: socket.socket) -> None:
    """End a connection at once, also for a thread that waits on it."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        connection.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        connection.close()
