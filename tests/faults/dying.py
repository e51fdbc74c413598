"""A server that forks: its children serve at once, and can be killed without ceremony.

Run by the tests: each line on its input names a port; a child serves there until it dies.
"""

import os
import sys
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from consult.app import create_app


class Silent(WSGIRequestHandler):
    """Says nothing of a request."""

    def log(self, *_: Any) -> None:
        """Say nothing."""


def serve(port: int) -> None:
    """Serve until killed; what it needs is made after the fork."""
    server = make_server("127.0.0.1", port, create_app(), threaded=True, request_handler=Silent)
    print("ready", flush=True)
    server.serve_forever()


def main() -> None:
    """Fork a child for each line, name it, and wait until it has died."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(int(line))
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main()
