"""A small proxy that treats answers badly: what was asked arrives, what is answered may not."""

from __future__ import annotations

import random
import select
import socket
import threading
from contextlib import suppress


class Proxy:
    """Between clients and a server on loopback; `lose` of the answers are cut off or come late."""

    def __init__(self, to_port: int, lose: float) -> None:
        self._to, self._lose = ("127.0.0.1", to_port), lose
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._door.getsockname()[1]
        self.lost = self.late = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take nobody any more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                threading.Thread(target=self._one, args=(client,), daemon=True).start()

    def _one(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(self._to, timeout=30) as server:
            while True:
                ready, _, _ = select.select([client, server], [], [], 30)
                if not ready:
                    return
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    if source is server and self._spoil(data):
                        return
                    (server if source is client else client).sendall(data)

    def _spoil(self, data: bytes) -> bool:
        """Whether the answer is lost. Some are only late: the server has long acted then."""
        if not data.startswith(b"HTTP/") or random.random() > self._lose:
            return False
        if random.random() < 0.3:
            self.late += 1
            threading.Event().wait(random.uniform(0.1, 1.0))
            return False
        self.lost += 1
        return True
