"""The vectors bind twice: a second implementation agrees with them, and ours still makes them."""

import json
from hashlib import blake2b, sha256

import pytest

from consult.safekeeping import codes, envelope, words
from consult.safekeeping.envelope import Compartment, PartPlace, Purpose, Tampered, WorkPlace
from tests.safekeeping import second
from tests.vectors import make

SUITE = json.loads(make.FILE.read_text())
BLOBS = {vector["name"]: vector for vector in SUITE["blobs"]}
SERVER = {label: bytes.fromhex(key) for label, key in SUITE["server_keys"]["derived"].items()}


def named(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=lambda vector: vector["name"])


def ours(vector):
    """Open a vector's blob with the program."""
    blob = second.raw(vector, "blob")
    of = {
        name: bytes.fromhex(value)
        for name, value in vector.items()
        if name in ("key_id", "key", "private", "public", "look", "id_hash", "person", "row")
        or name in ("consultation", "submission")
    }
    match vector["layout"]:
        case "part":
            place = PartPlace(
                of["consultation"],
                vector["epoch"],
                of["submission"],
                Compartment(vector["compartment"]),
                vector["number"],
            )
            pair = envelope.KeyPair(of["key_id"], of["private"], of["public"])
            return envelope.open_part(blob, place, {pair.id: pair})
        case "state":
            return envelope.open_state(
                blob,
                keys={of["key_id"]: of["key"]},
                consultation=of["consultation"],
                purpose=Purpose(vector["purpose"]),
            )
        case "draft":
            return envelope.open_draft(
                blob, key=of["key"], look=of["look"], consultation=of["consultation"]
            )
        case "work":
            place = WorkPlace(
                of["consultation"],
                vector["table"],
                of["row"],
                of["submission"],
                vector["column"],
            )
            return envelope.open_work(blob, place, {of["key_id"]: of["key"]})
        case "person":
            return envelope.open_person(
                blob, public=of["public"], person=of["person"], key=of["key"]
            ).hex()
        case "state_key":
            return envelope.open_state_key(blob, key_id=of["key_id"], wrapping=of["key"]).hex()
        case "session":
            return envelope.open_session(blob, id_hash=of["id_hash"], key=of["key"])
        case "wrap":
            kind, key_id, key = envelope.open_wrap(blob, of["private"])
            return int(kind), key_id.hex(), key.hex()


def meant(vector):
    if vector["layout"] == "wrap":
        return vector["kind"], vector["key_id"], vector["key"]
    return json.loads(vector["json"]) if "json" in vector else vector["content"]


def test_the_program_still_makes_the_file_byte_for_byte():
    assert make.written(make.build()) == make.FILE.read_text()


@named(SUITE["blobs"])
def test_both_implementations_open_each_blob_to_what_was_meant(vector):
    assert second.opened(vector) == meant(vector)
    assert ours(vector) == meant(vector)


@named(SUITE["blobs"])
def test_a_second_implementation_makes_the_same_bytes(vector):
    assert second.sealed(vector).hex() == vector["blob"]
    if "data" in vector:
        assert second.associated(vector).hex() == vector["data"]


@named(SUITE["padding"]["cases"])
def test_a_second_implementation_pads_alike(vector):
    text = b'"' + b"a" * (vector["json_bytes"] - 2) + b'"'
    source = BLOBS["content part" if vector["layout"] == "part" else "coding"]
    sizes = second.STORED if vector["layout"] == "part" else (500, *second.STORED)
    around = 145 if vector["layout"] == "part" else 61
    size = next((size for size in sizes if len(text) + around <= size), None)
    assert vector["blob_bytes"] == size
    if size is not None:
        blob = second.sealed({**source, **vector}, content=text, size=size)
        assert blake2b(blob, digest_size=32).hexdigest() == vector["blob_blake2b_256"]


def test_there_are_at_least_ten_corrupted_blobs():
    assert len(SUITE["corrupted"]) >= 10


@named(SUITE["corrupted"])
def test_a_corrupted_blob_opens_in_neither_implementation(vector):
    with pytest.raises(Tampered):
        ours(vector)
    with pytest.raises(second.Unreadable):
        second.opened(vector)


@pytest.mark.parametrize("vector", SUITE["passphrases"])
def test_a_passphrase_gives_one_key_however_its_letters_are_composed(vector):
    assert second.passphrase_key(vector).hex() == vector["key"]
    assert len({one["key"] for one in SUITE["passphrases"]}) == 1
    assert len({one["passphrase"] for one in SUITE["passphrases"]}) == 2


def test_server_keys_come_from_the_secret_and_the_label():
    secret = bytes.fromhex(SUITE["server_keys"]["secret"])
    for label, key in SERVER.items():
        person = label.encode().ljust(16, b"\0")
        assert blake2b(b"", key=secret, person=person, digest_size=32).digest() == key


@pytest.mark.parametrize("vector", SUITE["codes"]["receipts"])
def test_a_receipt_code_is_the_hash_of_the_token_modulo_ten_to_the_twentieth(vector):
    token = second.raw(vector, "token")
    digest = blake2b(token, key=SERVER["receipt-code"], digest_size=32).digest()
    code = str(int.from_bytes(digest, "big") % 10**20).zfill(20)
    look = blake2b(code.encode(), key=SERVER["receipt-look"], digest_size=32)
    assert (code, look.hexdigest()) == (vector["code"], vector["look"])
    assert codes.receipt_code(token, SERVER["receipt-code"]) == code


def test_a_receipt_code_keeps_its_leading_zeros():
    assert any(vector["code"].startswith("0") for vector in SUITE["codes"]["receipts"])


@pytest.mark.parametrize("vector", SUITE["codes"]["cards"])
def test_a_card_is_stored_as_the_hash_of_its_digits(vector):
    look = blake2b(vector["code"].encode(), key=SERVER["card-code"], digest_size=32)
    assert look.hexdigest() == vector["look"]


@pytest.mark.parametrize("vector", SUITE["codes"]["imports"])
def test_an_import_id_is_stored_as_a_hash_of_consultation_and_id(vector):
    line = second.raw(vector, "consultation") + vector["id"].encode()
    look = blake2b(line, key=SERVER["import-id"], digest_size=32)
    assert look.hexdigest() == vector["look"]


@pytest.mark.parametrize("vector", SUITE["paper_keys"])
def test_a_paper_key_is_24_words_of_eleven_bits_with_eight_of_checksum(vector):
    root = second.raw(vector, "root")
    bits = f"{int.from_bytes(root + sha256(root).digest()[:1], 'big'):0264b}"
    spelt = [words.WORDS[int(bits[at : at + 11], 2)] for at in range(0, 264, 11)]
    assert " ".join(spelt) == vector["words"]
    for name in ("box", "age"):
        person = f"recovery-{name}".encode().ljust(16, b"\0")
        private = blake2b(b"", key=root, person=person, digest_size=32).digest()
        assert private.hex() == vector[f"{name}_private"]
        public = bytes(second.PrivateKey(private).public_key)
        assert public.hex() == vector[f"{name}_public"]


@pytest.mark.parametrize("vector", SUITE["public_macs"])
def test_the_mac_of_a_public_key_is_over_owner_use_epoch_and_key(vector):
    said = b"consult/public\0\x01" + bytes([vector["owner"]]) + second.raw(vector, "owner_id")
    said += bytes([vector["compartment"]]) + second.u32(vector["epoch"])
    said += second.raw(vector, "key_id") + second.raw(vector, "key")
    mac = blake2b(said, key=SERVER["public-mac"], digest_size=32)
    assert mac.hexdigest() == vector["mac"]


def test_the_checksum_is_a_keyed_hash_of_the_blob():
    vector = SUITE["blob_check"]
    blob = second.raw(BLOBS[vector["of"]], "blob")
    check = blake2b(blob, key=second.raw(vector, "key"), digest_size=32)
    assert check.hexdigest() == vector["check"]
