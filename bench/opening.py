"""What it takes to open and count all answers, against bare openings of the same rows."""

import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from nacl import bindings

from bench import house
from bench.house import House
from bench.line import Line
from consult.consultations import texts, versions
from consult.figures import columns, tally
from consult.safekeeping import envelope
from consult.safekeeping.envelope import Compartment, PartPlace

SUBMISSIONS = 10_000
ROUNDS = 5
HEAD = 21
IN_ONE_PROCESS = "from bench.opening import _alone; _alone()"


def measure() -> Iterator[Line]:
    """Measure in a process of its own, so that its memory is its own too."""
    command = [sys.executable, "-c", IN_ONE_PROCESS]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    ours, bare, megabytes = map(float, done.stdout.split())
    size = f"{SUBMISSIONS} × {house.SECTIONS * house.QUESTIONS}"
    about = f"bare openings ({bare:.2f} s): {ours:.2f} s for {size}"
    yield Line("opening and counting", ours / bare, "×", 2.5, about=about)
    yield Line("memory of it", megabytes, "MB", 300)


def _alone() -> None:
    with tempfile.TemporaryDirectory() as name:
        built = house.build(Path(name))
        built.send(SUBMISSIONS)
        rounds = [(_ours(built), _bare(built)) for _ in range(ROUNDS)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(median(ours for ours, _ in rounds), median(bare for _, bare in rounds), peak)


def _ours(built: House) -> float:
    unlocked = built.unlocked()
    begun = time.perf_counter()
    with built.database.reader() as session:
        found = columns.load(session, unlocked)
        version = versions.current(session, built.consultation)
        words = texts.load(session, built.consultation, version, "en")
    made = tally.build(
        found,
        found.questions,
        tally.labels_of(words, "en"),
        consultation="bench",
        consultation_threshold=5,
        threshold=None,
        by=(),
        where={},
    )
    seconds = time.perf_counter() - begun
    assert made.questions
    assert len(found) == SUBMISSIONS
    return seconds


def _bare(built: House) -> float:
    (pair,) = built.unlocked().keys.content.values()
    connection = sqlite3.connect(built.settings.instance / "consult.sqlite3")
    begun = time.perf_counter()
    opened = 0
    rows = connection.execute(
        "SELECT submission_id, blob FROM sealed_part WHERE compartment = 'content'"
    )
    for submission, blob in rows:
        key = bindings.crypto_box_seal_open(
            blob[HEAD : HEAD + envelope.BOX], pair.public, pair.private
        )
        body = blob[HEAD + envelope.BOX :]
        place = PartPlace(built.consultation.uid, 1, submission, Compartment.CONTENT)
        bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            body[envelope.NONCE :], envelope.part_data(place), body[: envelope.NONCE], key
        )
        opened += 1
    seconds = time.perf_counter() - begun
    connection.close()
    assert opened == SUBMISSIONS
    return seconds
