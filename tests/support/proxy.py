"""A line between the program and its server that a test can cut, silence, or rob of a reply."""

from __future__ import annotations

import selectors
import socket
import threading


class Proxy:
    """Forwards ``port`` on the loopback to a server.

    ``freeze()``: open connections stay open and pass nothing on, new ones are taken and never answered;
    ``cut()``: connections are closed and new ones refused; ``swallow_reply_to(words)``: what the client sends
    with these words reaches the server, then the line breaks before the answer comes back; ``mend()``: as at
    the beginning.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._clients: set[socket.socket] = set()
        self._robbed: set[socket.socket] = set()
        self._frozen = False
        self._words = b""
        self.swallowed = 0
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._door = self._listening(0)
        self.port: int = self._door.getsockname()[1]
        self._open = True
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()

    def _listening(self, port: int) -> socket.socket:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        door.listen()
        self._selector.register(door, selectors.EVENT_READ)
        return door

    def url(self, address: str) -> str:
        """The same address through this line."""
        return address.replace(f":{self._target[1]}/", f":{self.port}/")

    # what a test does

    def freeze(self) -> None:
        """Pass nothing on, close nothing."""
        with self._lock:
            self._frozen = True

    def cut(self) -> None:
        """Close everything and refuse."""
        with self._lock:
            if self._open:
                self._selector.unregister(self._door)
                self._door.close()
                self._open = False
            for one in list(self._pairs):
                self._drop(one)

    def mend(self) -> None:
        """Work again; what hung in between is closed."""
        with self._lock:
            self._words = b""
            if self._frozen:
                self._frozen = False
                for one in list(self._pairs):
                    self._drop(one)
            if not self._open:
                self._door = self._listening(self.port)
                self._open = True
        self._wake.send(b"x")

    def swallow_reply_to(self, words: str) -> None:
        """Break the line once after these words were passed on."""
        with self._lock:
            self._words = words.encode()

    def close(self) -> None:
        """End it."""
        self._stop = True
        self._wake.send(b"x")
        self._thread.join()
        with self._lock:
            for one in list(self._pairs):
                self._drop(one)
            if self._open:
                self._door.close()
        self._selector.close()
        self._wake.close()
        self._woken.close()

    # the line

    def _run(self) -> None:
        while not self._stop:
            for key, _ in self._selector.select(0.05):
                with self._lock:
                    self._serve(key.fileobj)  # type: ignore[arg-type]

    def _serve(self, one: socket.socket) -> None:
        if one is self._woken:
            one.recv(100)
        elif one is self._door and self._open:
            self._take()
        elif one in self._pairs:
            self._pass_on(one)

    def _take(self) -> None:
        client, _ = self._door.accept()
        try:
            server = socket.create_connection(self._target)
        except OSError:
            client.close()
            return
        self._pairs[client], self._pairs[server] = server, client
        self._clients.add(client)
        for one in (client, server):
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, one: socket.socket) -> None:
        try:
            data = one.recv(65536)
            if self._frozen and data:
                return
            if not data:
                self._drop(one)
            elif one in self._robbed:
                self.swallowed += 1
                self._drop(one)
            else:
                self._pairs[one].sendall(data)
                if self._words and one in self._clients and self._words in data:
                    self._words = b""
                    self._robbed.add(self._pairs[one])
        except OSError:
            self._drop(one)

    def _drop(self, one: socket.socket) -> None:
        for end in (one, self._pairs.get(one)):
            if end is not None and end in self._pairs:
                del self._pairs[end]
                self._clients.discard(end)
                self._robbed.discard(end)
                self._selector.unregister(end)
                end.close()
