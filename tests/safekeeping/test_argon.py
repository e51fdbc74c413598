"""The slow hash: it opens her key and nothing else, and never more than two run at a time."""

import threading
from contextlib import ExitStack

import pytest

from consult.errors import Busy
from consult.safekeeping import argon, envelope
from consult.safekeeping.argon import Crowded, WrongPassphrase
from consult.safekeeping.envelope import Argon, Tampered
from consult.safekeeping.secrets import Secrets

CHEAP = Argon(memory_kib=8, passes=1)
PAIR, UID = envelope.new_pair(), bytes(range(16))
PHRASE = "six words that nobody else knows"


def sealed(held, tmp_path, passphrase=PHRASE, cost=CHEAP) -> bytes:
    return argon.seal_private(
        PAIR.private,
        person=UID,
        passphrase=passphrase,
        secrets=held,
        argon=cost,
        instance=tmp_path,
    )


def opened(blob, held, tmp_path, passphrase=PHRASE, **other) -> bytes:
    where = {"public": PAIR.public, "person": UID, "secrets": held, "instance": tmp_path}
    return argon.open_private(blob, passphrase=passphrase, **{**where, **other})


def test_her_passphrase_opens_her_key_and_no_other_does(held, tmp_path):
    blob = sealed(held, tmp_path)
    assert opened(blob, held, tmp_path) == PAIR.private
    for wrong in ("", PHRASE + " ", PHRASE.title(), "\ud800"):
        with pytest.raises(WrongPassphrase):
            opened(blob, held, tmp_path, passphrase=wrong)


def test_a_passphrase_is_the_same_composed_and_decomposed(held, tmp_path):
    blob = sealed(held, tmp_path, passphrase="caf\u00e9 \u0622\u0628 tr\u00e8s loin")
    typed = "cafe\u0301 \u0627\u0653\u0628 tre\u0300s loin"
    assert opened(blob, held, tmp_path, passphrase=typed) == PAIR.private


def test_the_cost_is_in_the_blob_so_that_it_can_change(held, tmp_path):
    blob = sealed(held, tmp_path, cost=Argon(memory_kib=64, passes=2))
    assert envelope.person_head(blob)[0] == Argon(64, 2, 1)
    assert opened(blob, held, tmp_path) == PAIR.private


def test_the_same_passphrase_never_gives_the_same_blob(held, tmp_path):
    first, second = (sealed(held, tmp_path) for _ in range(2))
    assert envelope.person_head(first)[1] != envelope.person_head(second)[1]


def test_the_passphrase_opens_nothing_without_the_installation_secret(held, tmp_path):
    blob = sealed(held, tmp_path)
    with pytest.raises(WrongPassphrase):
        opened(blob, Secrets(bytes(32)), tmp_path)


@pytest.mark.parametrize("other", [{"public": envelope.new_pair().public}, {"person": bytes(16)}])
def test_a_blob_moved_to_another_person_does_not_open(held, tmp_path, other):
    with pytest.raises(WrongPassphrase):
        opened(sealed(held, tmp_path), held, tmp_path, **other)


@pytest.mark.parametrize(
    "head",
    [
        (2**32 - 1, 3, 1),
        (65536, 2**32 - 1, 1),
        (65536, 3, 2),
        (0, 3, 1),
        (65536, 0, 1),
    ],
)
def test_a_blob_that_asks_for_an_absurd_cost_is_refused_at_once(held, tmp_path, head):
    blob = sealed(held, tmp_path)
    asked = b"".join(number.to_bytes(4, "big") for number in head)
    with pytest.raises(Tampered):
        opened(blob[:1] + asked + blob[13:], held, tmp_path)


@pytest.mark.parametrize("blob", [b"", bytes(101), b"\x01" * 100, b"\x02" * 101])
def test_what_is_no_such_blob_is_refused_before_hashing(held, tmp_path, blob):
    with pytest.raises(Tampered):
        opened(blob, held, tmp_path)


def test_an_unknown_name_spends_the_same_hash(held, tmp_path):
    argon.spend(PHRASE, secrets=held, argon=CHEAP, instance=tmp_path)


def test_two_run_eight_wait_and_the_next_is_sent_away(tmp_path):
    leave, inside = threading.Event(), threading.Semaphore(0)
    running, most, lock, refused = [], [], threading.Lock(), []

    def one() -> None:
        with argon.turn(tmp_path):
            with lock:
                running.append(1)
                most.append(len(running))
            inside.release()
            leave.wait(20)
            with lock:
                running.pop()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=20)
    with ExitStack() as places:
        for _ in range(argon.WAITING):
            place = argon._free(tmp_path / "locks", "waiting", argon.WAITING)
            assert place is not None
            places.callback(argon.os.close, place)
        with pytest.raises(Crowded) as error, argon.turn(tmp_path):
            refused.append("let in")
        assert isinstance(error.value, Busy)
    waiting = [threading.Thread(target=one) for _ in range(argon.WAITING)]
    for thread in waiting:
        thread.start()
    leave.set()
    for thread in threads + waiting:
        thread.join(20)
    assert refused == []
    assert max(most) == argon.AT_A_TIME
    assert len(most) == 10


def test_a_turn_is_given_back_when_the_hash_fails(tmp_path):
    for _ in range(5):
        with pytest.raises(RuntimeError), argon.turn(tmp_path):
            raise RuntimeError
    with argon.turn(tmp_path), argon.turn(tmp_path):
        pass


def test_the_lock_files_are_the_owners_alone(tmp_path):
    with argon.turn(tmp_path):
        folder = tmp_path / "locks"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
