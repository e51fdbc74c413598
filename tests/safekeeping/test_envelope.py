"""The envelope's laws: what goes in comes out, at its place, with its key, at a known length."""

import random
import secrets
import time
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from consult.safekeeping import envelope
from consult.safekeeping.envelope import (
    IMPORT_LIMIT,
    SIZES,
    WORK_SIZES,
    Argon,
    Compartment,
    PartPlace,
    Purpose,
    Share,
    Tampered,
    TooLarge,
    WorkPlace,
)

PAIR, OTHER = envelope.new_pair(), envelope.new_pair()
PAIRS = {PAIR.id: PAIR}
WORK_ID, WORK_KEY = secrets.token_bytes(16), secrets.token_bytes(32)
WORK_KEYS = {WORK_ID: WORK_KEY}

ids = st.binary(min_size=16, max_size=16)
numbers = st.integers(0, 2**32 - 1)
texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
part_places = st.builds(
    PartPlace,
    consultation=ids,
    epoch=numbers,
    submission=ids,
    compartment=st.sampled_from([Compartment.CONTENT, Compartment.AMENDMENT]),
    number=numbers,
)
names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=30)
work_places = st.builds(
    WorkPlace, consultation=ids, table=names, row=ids, submission=st.none() | ids, column=names
)


def a_place(**changes) -> PartPlace:
    made = {
        "consultation": secrets.token_bytes(16),
        "epoch": 1,
        "submission": secrets.token_bytes(16),
        "compartment": Compartment.CONTENT,
    }
    return PartPlace(**{**made, **changes})


def a_part(value, place, **others) -> bytes:
    return envelope.seal_part(value, place, key_id=PAIR.id, public_key=PAIR.public, **others)


@given(values, part_places)
def test_a_part_opens_to_what_was_said_and_has_one_of_four_lengths(value, place):
    blob = a_part(value, place)
    assert len(blob) in SIZES
    assert envelope.open_part(blob, place, PAIRS) == value


@given(part_places, part_places)
def test_a_part_opens_in_no_other_place(place, other):
    blob = a_part({"a": 1}, place)
    if place != other:
        with pytest.raises(Tampered):
            envelope.open_part(blob, other, PAIRS)


@given(values, work_places)
def test_what_staff_wrote_opens_and_has_one_of_five_lengths(value, place):
    blob = envelope.seal_work(value, place, key_id=WORK_ID, key=WORK_KEY)
    assert len(blob) in WORK_SIZES
    assert envelope.open_work(blob, place, WORK_KEYS) == value


@given(work_places, work_places)
def test_what_staff_wrote_opens_in_no_other_place(place, other):
    blob = envelope.seal_work("a", place, key_id=WORK_ID, key=WORK_KEY)
    if (place.submission or envelope.ZEROS) != (other.submission or envelope.ZEROS) or (
        (place.consultation, place.table, place.row, place.column)
        != (other.consultation, other.table, other.row, other.column)
    ):
        with pytest.raises(Tampered):
            envelope.open_work(blob, other, WORK_KEYS)


@given(values, ids)
def test_a_page_state_opens_for_its_purpose_alone(value, consultation):
    blob = envelope.seal_state(
        value, key_id=WORK_ID, key=WORK_KEY, consultation=consultation, purpose=Purpose.FORM
    )
    where = {"keys": WORK_KEYS, "consultation": consultation}
    assert len(blob) % 256 == 0
    assert envelope.open_state(blob, purpose=Purpose.FORM, **where) == value
    for other in (Purpose.TEST, Purpose.RECEIPT):
        with pytest.raises(Tampered):
            envelope.open_state(blob, purpose=other, **where)


def test_a_page_state_is_padded_no_further_than_the_next_256_bytes():
    where = {"key_id": WORK_ID, "key": WORK_KEY, "consultation": bytes(16), "purpose": Purpose.FORM}
    lengths = {len(envelope.seal_state("a" * n, **where)) for n in range(400)}
    assert lengths == {256, 512}


@given(values, ids, st.binary(min_size=32, max_size=32))
def test_drafts_and_sessions_open_to_what_was_kept(value, consultation, look):
    draft = envelope.seal_draft(value, key=WORK_KEY, look=look, consultation=consultation)
    session = envelope.seal_session(value, id_hash=look, key=WORK_KEY)
    assert {len(draft), len(session)} <= set(SIZES)
    assert envelope.open_draft(draft, key=WORK_KEY, look=look, consultation=consultation) == value
    assert envelope.open_session(session, id_hash=look, key=WORK_KEY) == value


@pytest.mark.parametrize("kind", Share)
def test_a_wrap_gives_kind_id_and_key_to_its_holder_alone(kind):
    key = secrets.token_bytes(32)
    blob = envelope.seal_wrap(kind, PAIR.id, key, PAIR.public)
    assert envelope.open_wrap(blob, PAIR.private) == (kind, PAIR.id, key)
    with pytest.raises(Tampered):
        envelope.open_wrap(blob, OTHER.private)


def test_a_sealed_box_is_libsodiums():
    box = envelope.seal_box(b"key", PAIR.public)
    assert SealedBox(PrivateKey(PAIR.private)).decrypt(box) == b"key"
    theirs = SealedBox(PrivateKey(PAIR.private).public_key).encrypt(b"theirs")
    assert envelope.open_box(theirs, PAIR.private) == b"theirs"


def test_nothing_is_sealed_twice_to_the_same_bytes():
    place = a_place()
    assert len({a_part({}, place) for _ in range(50)}) == 50


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_text_of_a_length_fits_and_one_byte_more_takes_the_next(size):
    place, room = a_place(), envelope.part_room(size) - 2
    assert len(a_part("a" * room, place, limit=IMPORT_LIMIT)) == size
    with pytest.raises(TooLarge):
        a_part("a" * (room + 1), place, limit=size)
    if size < IMPORT_LIMIT:
        longer = a_part("a" * (room + 1), place, limit=IMPORT_LIMIT)
        assert len(longer) == SIZES[SIZES.index(size) + 1]


def test_the_contact_part_has_one_length_full_or_empty():
    place = a_place(compartment=Compartment.CONTACT)
    full = "a" * (envelope.part_room(4000) - 2)
    assert {len(a_part(value, place)) for value in ({}, full)} == {4000}
    with pytest.raises(TooLarge):
        a_part(full + "a", place)


@pytest.mark.parametrize("wrong", ["\ud800", float("nan"), float("inf")])
def test_what_json_cannot_hold_is_refused_before_sealing(wrong):
    with pytest.raises(ValueError):
        a_part(wrong, a_place())


def test_text_is_sealed_as_typed_and_keys_are_sorted():
    decomposed = "e\u0301"
    assert envelope.json_bytes({"b": decomposed, "a": 1}) == '{"a":1,"b":"e\u0301"}'.encode()


def test_a_part_under_an_unknown_key_is_unreadable():
    place = a_place()
    with pytest.raises(Tampered):
        envelope.open_part(a_part({}, place), place, {OTHER.id: OTHER})


def test_json_made_to_hurt_is_unreadable_and_nothing_worse():
    place = a_place()
    deep = envelope.PART_HEAD + envelope.TAG
    body = envelope._padded(b"[" * 100_000, [256_000], deep)
    data_key = secrets.token_bytes(32)
    head = b"\x01" + (1).to_bytes(4, "big") + PAIR.id + envelope.seal_box(data_key, PAIR.public)
    blob = head + envelope._encrypted(
        body, envelope.part_data(place), data_key, secrets.token_bytes
    )
    with pytest.raises(Tampered):
        envelope.open_part(blob, place, PAIRS)


@given(st.binary(max_size=600))
def test_bytes_that_nobody_sealed_are_unreadable(noise):
    place = WorkPlace(bytes(16), "coding", bytes(16), None, "blob")
    for opening in (
        lambda: envelope.open_part(noise, a_place(), PAIRS),
        lambda: envelope.open_part(noise.ljust(4000, b"\1"), a_place(), PAIRS),
        lambda: envelope.open_state(
            noise, keys=WORK_KEYS, consultation=bytes(16), purpose=Purpose.FORM
        ),
        lambda: envelope.open_work(noise, place, WORK_KEYS),
        lambda: envelope.open_wrap(noise, PAIR.private),
        lambda: envelope.open_draft(noise, key=WORK_KEY, look=WORK_KEY, consultation=bytes(16)),
        lambda: envelope.open_session(noise, id_hash=WORK_KEY, key=WORK_KEY),
        lambda: envelope.open_state_key(noise, key_id=WORK_ID, wrapping=WORK_KEY),
        lambda: envelope.open_person(noise, public=PAIR.public, person=WORK_ID, key=WORK_KEY),
    ):
        with pytest.raises(Tampered):
            opening()


def quick_key(cost: Argon, salt: bytes) -> bytes:
    """Stand for the slow hash: the key depends on cost and salt as it does there."""
    return blake2b(repr(cost).encode() + salt, digest_size=32).digest()


def blobs_and_their_openings():
    """One blob of each layout, and what opens it."""
    place = a_place()
    row = WorkPlace(secrets.token_bytes(16), "coding", secrets.token_bytes(16), None, "blob")
    state = {"consultation": bytes(16), "purpose": Purpose.FORM}
    draft = {"key": WORK_KEY, "look": WORK_KEY, "consultation": bytes(16)}
    hers = {"public": PAIR.public, "person": WORK_ID}
    session = {"id_hash": WORK_KEY, "key": WORK_KEY}
    kept = {"key_id": WORK_ID, "wrapping": WORK_KEY}
    cost, salt = Argon(8, 1), secrets.token_bytes(16)
    key = quick_key(cost, salt)
    person = envelope.seal_person(PAIR.private, **hers, key=key, argon=cost, salt=salt)
    return [
        (a_part({"a": "b"}, place), lambda b: envelope.open_part(b, place, PAIRS)),
        (
            envelope.seal_work({"a": "b"}, row, key_id=WORK_ID, key=WORK_KEY),
            lambda b: envelope.open_work(b, row, WORK_KEYS),
        ),
        (
            envelope.seal_state({"a": "b"}, key_id=WORK_ID, key=WORK_KEY, **state),
            lambda b: envelope.open_state(b, keys=WORK_KEYS, **state),
        ),
        (envelope.seal_draft({}, **draft), lambda b: envelope.open_draft(b, **draft)),
        (envelope.seal_session({}, **session), lambda b: envelope.open_session(b, **session)),
        (
            person,
            lambda b: envelope.open_person(b, **hers, key=quick_key(*envelope.person_head(b))),
        ),
        (envelope.seal_state_key(WORK_KEY, **kept), lambda b: envelope.open_state_key(b, **kept)),
        (
            envelope.seal_wrap(Share.WHOLE, PAIR.id, WORK_KEY, PAIR.public),
            lambda b: envelope.open_wrap(b, PAIR.private),
        ),
    ]


def damaged(chance: random.Random, blob: bytes, other: bytes) -> bytes:
    """Give a blob with a bit, a byte, its length or a stretch changed."""
    at = chance.randrange(len(blob))
    made = [
        lambda: blob[:at] + bytes([blob[at] ^ 1 << chance.randrange(8)]) + blob[at + 1 :],
        lambda: blob[:at],
        lambda: blob + chance.randbytes(chance.randrange(1, 300)),
        lambda: blob[:at] + blob[at + 1 :] + b"\0",
        lambda: blob[:at] + chance.randbytes(len(blob) - at),
        lambda: other[: len(blob)].ljust(len(blob), b"\0"),
    ]
    return chance.choice(made)()


def test_of_a_thousand_corruptions_none_is_accepted():
    chance = random.Random(1325)
    cases = blobs_and_their_openings()
    accepted = 0
    for n in range(1000):
        blob, opening = cases[n % len(cases)]
        wrong = damaged(chance, blob, cases[chance.randrange(len(cases))][0])
        if wrong == blob:
            wrong = blob[:-1]
        try:
            opening(wrong)
        except Tampered:
            continue
        accepted += 1
    assert accepted == 0


def test_each_of_those_blobs_opens_when_nothing_is_changed():
    for blob, opening in blobs_and_their_openings():
        opening(blob)


@settings(max_examples=20)
@given(st.integers(0, envelope.part_room(IMPORT_LIMIT) - 2))
def test_no_text_makes_another_length(letters):
    assert len(a_part("a" * letters, a_place(), limit=IMPORT_LIMIT)) in SIZES


def test_five_thousand_parts_open_in_a_second():
    said = {"answers": {f"q{n}": "a need of some length" for n in range(20)}}
    places = [a_place() for _ in range(5000)]
    parts = [a_part(said, place) for place in places]
    begun = time.process_time()
    for blob, place in zip(parts, places, strict=True):
        envelope.open_part(blob, place, PAIRS)
    assert time.process_time() - begun <= 1


def test_the_checksum_sees_any_changed_bit():
    key, blob = secrets.token_bytes(32), a_part({}, a_place())
    good = envelope.blob_check(key, blob)
    assert envelope.blob_check(key, blob[:-1] + bytes([blob[-1] ^ 1])) != good
    assert envelope.blob_check(secrets.token_bytes(32), blob) != good


def test_keys_are_never_printed():
    assert PAIR.private.hex() not in repr(PAIR)
    assert repr(PAIR.private) not in repr(PAIR)
