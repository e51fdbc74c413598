"""Callers over keep-alive connections: many at once from one thread, so that they cost little."""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

CONNECTIONS = 16
DEADLINE_SECONDS = 120
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Stuck(Exception):
    """The server did not answer everything in time."""


@dataclass(frozen=True)
class Measured:
    """What one round took: the whole of it, each answer, and how many were not the wanted one."""

    seconds: float
    each: Sequence[float]
    errors: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    @property
    def tail(self) -> float:
        """How many times the median the slowest hundredth takes."""
        slow = sorted(self.each)[int(len(self.each) * 0.99)]
        return slow / median(self.each)


def get(path: str) -> bytes:
    """Give the bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def post(path: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """Give the bytes of a form that is sent."""
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def drive(
    port: int, requests: Sequence[bytes], *, wanted: bytes = b"", connections: int = CONNECTIONS
) -> Measured:
    """Send every request once, `connections` at a time. An answer is 200 and holds `wanted`."""
    waiting = list(reversed(requests))
    each: list[float] = []
    errors = 0
    with selectors.DefaultSelector() as selector:
        callers = [_Caller(port) for _ in range(min(connections, len(requests)))]
        for caller in callers:
            selector.register(caller.socket, selectors.EVENT_READ, caller)
        begun = time.perf_counter()
        for caller in callers:
            caller.ask(waiting.pop())
        while len(each) < len(requests):
            if time.perf_counter() - begun > DEADLINE_SECONDS:
                raise Stuck(f"{len(each)} of {len(requests)} answers")
            for key, _ in selector.select(timeout=1):
                caller = key.data
                if not caller.hear():
                    continue
                each.append(time.perf_counter() - caller.asked_at)
                errors += not caller.is_right(wanted)
                if waiting:
                    caller.ask(waiting.pop())
        seconds = time.perf_counter() - begun
        for caller in callers:
            caller.socket.close()
    return Measured(seconds, each, errors)


class _Caller:
    """One connection with one question under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._heard = b""
        self.asked_at = 0.0

    def ask(self, request: bytes) -> None:
        self._heard = b""
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Read what is there, and say whether the answer is whole."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise Stuck("the server closed a connection")
        self._heard += got
        head, gap, body = self._heard.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        return bool(gap and length and len(body) >= int(length[1]))

    def is_right(self, wanted: bytes) -> bool:
        return self._heard.startswith(b"HTTP/1.1 200") and wanted in self._heard
