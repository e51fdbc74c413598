"""What a request costs, against a bare page and a bare durable POST under the same server."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from statistics import median

from bench import hello, house, load
from bench.house import House
from bench.line import Line
from bench.load import Measured
from consult.answering.state import CONSENT
from tests.journeys.installation import granian

ROUNDS = 5
WORKERS = 2
PATH = f"/ps/{house.CODE}"
PAGES, POSTS = 2000, 600
WARM = 200
RECEIPT = b'id="receipt-code"'


def measure() -> Iterator[Line]:
    """Measure in turn, five times, and compare the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = house.build(folder / "instance")
        hello.prepare(folder)
        consult = {"CONSULT_PROFILE": "testing", "INSTANCE": str(built.settings.instance)}
        consult |= {"CONSULT_FREE_DISK_BYTES": "0"}
        with (
            granian("bench.hello:app", {"BENCH_FOLDER": name}, workers=WORKERS) as (bare, _),
            granian("wsgi:app", consult, workers=WORKERS) as (ours, _process),
        ):
            rounds = [_round(built, bare, ours, warm=True)]
            rounds = [_round(built, bare, ours) for _ in range(ROUNDS)]
    yield from _lines(rounds)


def _round(built: House, bare: int, ours: int, *, warm: bool = False) -> Mapping[str, Measured]:
    pages, posts = (WARM, WARM) if warm else (PAGES, POSTS)
    kept = load.post("/", [("content", "x" * hello.SIZE)])
    section = built.definition.sections[1]
    fields = [(q.key, v) for q in section.questions for v in built.filled(Random(1))[q.key]]
    shown = [
        load.post(PATH, [("state", form), *fields, ("go", "lang:ps")])
        for form in built.forms(f"section:{section.key}", pages // 2)
    ]
    sent = [
        load.post(PATH, [("state", form), ("consent.use", "count"), ("go", "send")])
        for form in built.forms(CONSENT, posts)
    ]
    return {
        "hello": load.drive(bare, [load.get("/")] * pages),
        "introduction": load.drive(ours, [load.get(PATH)] * pages, wanted=b'name="state"'),
        "section": load.drive(ours, shown, wanted=b'name="q1_9"'),
        "bare post": load.drive(bare, [kept] * posts, wanted=b"kept"),
        "sealed post": load.drive(ours, sent, wanted=RECEIPT),
    }


def _lines(rounds: list[Mapping[str, Measured]]) -> Iterator[Line]:
    rates = {name: median(one[name].rate for one in rounds) for name in rounds[0]}
    told = {name: f"{rate:.0f}/s" for name, rate in rates.items()}
    against = f"of a bare page ({told['hello']})"
    yield Line(
        "introduction in Pashto", rates["introduction"] / rates["hello"], "", 0.85,
        at_least=True, about=f"{against}: {told['introduction']}",
    )  # fmt: skip
    yield Line(
        "section of ten questions by POST", rates["section"] / rates["hello"], "", 0.30,
        at_least=True, about=f"{against}: {told['section']}",
    )  # fmt: skip
    yield Line(
        "sealed durable POST", rates["sealed post"] / rates["bare post"], "", 0.85,
        at_least=True, about=f"of a bare one ({told['bare post']}): {told['sealed post']}",
    )  # fmt: skip
    tail = median(one["sealed post"].tail for one in rounds)
    bare = median(one["bare post"].tail for one in rounds)
    yield Line("slowest hundredth", tail, "medians", 5, about=f"(bare: {bare:.1f})")
    errors = sum(measured.errors for one in rounds for measured in one.values())
    yield Line("errors", errors, "", 0)
