"""How long a second `./start` takes, what a worker weighs, and what a first view loads."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import load
from bench.line import Line
from tests.journeys import browsers, installation
from tests.journeys.installation import CODE, ROOT

PATH = f"/ps/{CODE}"
VISITS = 400
ENTRIES = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const rest = performance.getEntriesByType("resource");
  const first = [page, ...rest.filter((e) => e.renderBlockingStatus === "blocking")];
  const sum = (entries) => entries.reduce((all, e) => all + e.transferSize, 0);
  return { all: sum([page, ...rest]), before: sum(first), blocking: first.length };
}"""


def measure() -> Iterator[Line]:
    """Measure on a demonstration that is already there."""
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name)
        installation.make(instance, 400)
        yield _second_start(instance)
        yield from _public_face(instance)


def _second_start(instance: Path) -> Line:
    port = installation.free_port()
    environment = {**os.environ, "INSTANCE": str(instance), "PORT": str(port)}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(ROOT / "start")],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        installation.wait_for(port, process)
        load.drive(port, [load.get(PATH)], connections=1)
        seconds = time.perf_counter() - begun
    finally:
        installation.stop(process)
    return Line("second ./start to first answer", seconds, "s", 2)


def _public_face(instance: Path) -> Iterator[Line]:
    environment = {"INSTANCE": str(instance), "CONSULT_FACE": "public"}
    with installation.granian("wsgi:app", environment, workers=2) as (port, process):
        load.drive(port, [load.get(PATH)] * VISITS)
        yield Line("a public worker", max(map(_megabytes, _workers(process.pid))), "MB", 110)
        yield from _first_view(f"http://127.0.0.1:{port}{PATH}")


def _workers(parent: int) -> list[int]:
    """Give the ids of the processes that a server has started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(one) for one in listed]


def _megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _first_view(address: str) -> Iterator[Line]:
    with browsers.launched() as browser:
        if browser is None:
            print(f"no Chromium, so no first view: {browsers.HOW_TO_GET_ONE}")
            return
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(address, wait_until="networkidle")
        seen = page.evaluate(ENTRIES)
    yield Line("first view in all", seen["all"] / 1000, "kB", 45)
    yield Line("before its first text", seen["before"] / 1000, "kB", 14)
    yield Line("requests before its first text", seen["blocking"], "", 2)
