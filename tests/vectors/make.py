"""Writes suite_1.json: `python -m tests.vectors.make`.

The file was fixed before the first row was stored. What stands in it never changes; a new blob
or a new suite only adds to it. Every random value comes from its name, so the file is always
the same, and every one that a second implementation needs is written down.
"""

import json
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from consult.safekeeping import argon, codes, envelope, keys, recovery, words
from consult.safekeeping.codes import Owner
from consult.safekeeping.envelope import (
    Argon,
    Compartment,
    PartPlace,
    Purpose,
    Share,
    WorkPlace,
)
from consult.safekeeping.secrets import LABELS, derived

FILE = Path(__file__).with_name("suite_1.json")
MADE = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
WEB_JSON = {
    "answers": {
        "need": "د اوبو څاګانې\nare far\u202f!",
        "people": {"women_18_29": 7},
        "distance": 2.5,
    },
    "channel": "web",
    "consent": {"use": "count", "wording": {"language": "ps", "version": 1}},
    "language": "ps",
}
Vector = dict[str, Any]


def some(name: str, size: int = 32) -> bytes:
    """Give the bytes of a name: BLAKE2b of it, as many as are needed (up to 64)."""
    return blake2b(name.encode(), digest_size=size).digest()


def draws(**values: bytes) -> Callable[[int], bytes]:
    """Hand out the named values in turn, and see that each has the length that is asked for."""
    waiting = list(values.values())

    def draw(size: int) -> bytes:
        value = waiting.pop(0)
        assert len(value) == size
        return value

    return draw


def text(value: Any) -> str:
    return json.dumps(value, **MADE)


def pair(name: str) -> envelope.KeyPair:
    private = some(f"{name} private")
    return envelope.KeyPair(some(f"{name} id", 16), private, envelope.public_half(private))


CONTENT, PERSON, STRANGER = pair("content"), pair("person"), pair("stranger")
CONSULTATION, SUBMISSION, ROW = (some(name, 16) for name in ("consultation", "submission", "row"))
UID, ID_HASH = some("person", 16), some("session id")
SECRET = some("installation secret")
STATE_ID, STATE_KEY = some("state id", 16), some("state key")
WORK_ID, WORK_KEY = some("working id", 16), some("working key")
CHEAP = Argon(memory_kib=8192, passes=3)
COMPOSED = "Cafe\u0301 de\u0301colle\u0301 a\u0300 l'aube"


def part(name: str, value: Any, compartment: Compartment, *, number: int = 0) -> Vector:
    place = PartPlace(CONSULTATION, 3, SUBMISSION, compartment, number)
    used = {
        "data_key": some(f"{name} data key"),
        "ephemeral_private": some(f"{name} ephemeral"),
        "nonce": some(f"{name} nonce", 24),
    }
    blob = envelope.seal_part(
        value,
        place,
        key_id=CONTENT.id,
        public_key=CONTENT.public,
        limit=256_000,
        draw=draws(**used),
    )
    return {
        "name": name,
        "layout": "part",
        "consultation": CONSULTATION,
        "epoch": 3,
        "submission": SUBMISSION,
        "compartment": int(compartment),
        "number": number,
        "key_id": CONTENT.id,
        "private": CONTENT.private,
        "public": CONTENT.public,
        **used,
        "data": envelope.part_data(place),
        "json": text(value),
        "blob": blob,
    }


def state(purpose: Purpose, value: Any) -> Vector:
    name = f"state {purpose.name.lower()}"
    nonce = some(f"{name} nonce", 24)
    blob = envelope.seal_state(
        value,
        key_id=STATE_ID,
        key=STATE_KEY,
        consultation=CONSULTATION,
        purpose=purpose,
        draw=draws(nonce=nonce),
    )
    return {
        "name": name,
        "layout": "state",
        "key_id": STATE_ID,
        "key": STATE_KEY,
        "consultation": CONSULTATION,
        "purpose": int(purpose),
        "nonce": nonce,
        "data": envelope.state_data(STATE_ID, CONSULTATION, purpose),
        "json": text(value),
        "blob": blob,
    }


def draft() -> Vector:
    key, look, nonce = some("draft key"), some("draft look"), some("draft nonce", 24)
    blob = envelope.seal_draft(
        WEB_JSON, key=key, look=look, consultation=CONSULTATION, draw=draws(nonce=nonce)
    )
    return {
        "name": "draft",
        "layout": "draft",
        "key": key,
        "look": look,
        "consultation": CONSULTATION,
        "purpose": int(Purpose.DRAFT),
        "nonce": nonce,
        "data": envelope.draft_data(look, CONSULTATION),
        "json": text(WEB_JSON),
        "blob": blob,
    }


def work(name: str, value: Any, place: WorkPlace, key_id: bytes, key: bytes) -> Vector:
    nonce = some(f"{name} nonce", 24)
    blob = envelope.seal_work(value, place, key_id=key_id, key=key, draw=draws(nonce=nonce))
    return {
        "name": name,
        "layout": "work",
        "key_id": key_id,
        "key": key,
        "consultation": place.consultation,
        "table": place.table,
        "row": place.row,
        "submission": place.submission or envelope.ZEROS,
        "column": place.column,
        "nonce": nonce,
        "data": envelope.work_data(place, key_id),
        "json": text(value),
        "blob": blob,
    }


def person() -> Vector:
    salt, nonce = some("salt", 16), some("person nonce", 24)
    pepper = derived(SECRET, "pepper")
    key = argon.passphrase_key(COMPOSED, salt=salt, argon=CHEAP, pepper=pepper)
    blob = envelope.seal_person(
        PERSON.private,
        public=PERSON.public,
        person=UID,
        key=key,
        argon=CHEAP,
        salt=salt,
        draw=draws(nonce=nonce),
    )
    return {
        "name": "private key of a person, passphrase typed decomposed",
        "layout": "person",
        "passphrase": COMPOSED,
        "pepper": pepper,
        "memory_kib": CHEAP.memory_kib,
        "passes": CHEAP.passes,
        "lanes": CHEAP.lanes,
        "salt": salt,
        "key": key,
        "person": UID,
        "public": PERSON.public,
        "nonce": nonce,
        "data": envelope.person_data(CHEAP, PERSON.public, UID),
        "content": PERSON.private,
        "blob": blob,
    }


def state_key() -> Vector:
    nonce, wrapping = some("state key nonce", 24), derived(SECRET, "state-wrap")
    blob = envelope.seal_state_key(
        STATE_KEY, key_id=STATE_ID, wrapping=wrapping, draw=draws(nonce=nonce)
    )
    return {
        "name": "wrapped state key",
        "layout": "state_key",
        "key": wrapping,
        "key_id": STATE_ID,
        "nonce": nonce,
        "data": envelope.state_key_data(STATE_ID),
        "content": STATE_KEY,
        "blob": blob,
    }


def session() -> Vector:
    cookie_half, server_half = some("cookie half"), some("server half")
    key = blake2b(cookie_half, key=server_half, digest_size=32).digest()
    nonce = some("session nonce", 24)
    value = {"private": PERSON.private.hex(), "seen": 1}
    blob = envelope.seal_session(value, id_hash=ID_HASH, key=key, draw=draws(nonce=nonce))
    return {
        "name": "session",
        "layout": "session",
        "cookie_half": cookie_half,
        "server_half": server_half,
        "key": key,
        "id_hash": ID_HASH,
        "nonce": nonce,
        "data": envelope.session_data(ID_HASH),
        "json": text(value),
        "blob": blob,
    }


def wrap(kind: Share, key_id: bytes, key: bytes) -> Vector:
    ephemeral = some(f"wrap {kind.name} ephemeral")
    blob = envelope.seal_wrap(kind, key_id, key, PERSON.public, draw=draws(ephemeral=ephemeral))
    return {
        "name": f"wrap {kind.name.lower()}",
        "layout": "wrap",
        "kind": int(kind),
        "key_id": key_id,
        "key": key,
        "private": PERSON.private,
        "public": PERSON.public,
        "ephemeral_private": ephemeral,
        "blob": blob,
    }


def blobs() -> list[Vector]:
    coding = WorkPlace(CONSULTATION, "coding", ROW, SUBMISSION, "blob")
    memo = WorkPlace(CONSULTATION, "memo", ROW, None, "blob")
    asked = WorkPlace(CONSULTATION, "staff_question", ROW, SUBMISSION, "blob")
    question = derived(SECRET, "question")
    return [
        part("content part", WEB_JSON, Compartment.CONTENT),
        part("contact part, empty", {}, Compartment.CONTACT),
        part("amendment", {"answers": {"need": None}}, Compartment.AMENDMENT, number=2),
        state(Purpose.FORM, {"answers": {"sex": "woman"}, "token": some("token", 16).hex()}),
        state(Purpose.TEST, {}),
        state(Purpose.RECEIPT, {"receipt": some("receipt hash").hex()}),
        draft(),
        work("coding", {"from": 3, "to": 9}, coding, WORK_ID, WORK_KEY),
        work("memo, of no submission", {"text": "یادښت"}, memo, WORK_ID, WORK_KEY),
        work("staff question", {"text": "When?"}, asked, envelope.ZEROS, question),
        person(),
        state_key(),
        session(),
        wrap(Share.WHOLE, CONTENT.id, CONTENT.private),
        wrap(Share.A, CONTENT.id, some("share a")),
        wrap(Share.B, CONTENT.id, some("share b")),
    ]


def paddings() -> list[Vector]:
    """For each size the longest JSON that fits, and one byte more: sizes and hashes alone."""
    made = []
    place = PartPlace(CONSULTATION, 3, SUBMISSION, Compartment.CONTENT, 0)
    row = WorkPlace(CONSULTATION, "coding", ROW, SUBMISSION, "blob")
    layouts = [
        ("part", envelope.SIZES, envelope.PART_HEAD, envelope.part_data(place)),
        ("work", envelope.WORK_SIZES, envelope.KEYED_HEAD, envelope.work_data(row, WORK_ID)),
    ]
    for layout, sizes, head, data in layouts:
        for size in sizes:
            fits = size - head - envelope.TAG - 4
            for length in (fits, fits + 1):
                name = f"{layout}, {length} bytes of JSON"
                used = {"nonce": some(f"{name} nonce", 24)}
                if layout == "part":
                    own = {
                        "data_key": some(f"{name} data key"),
                        "ephemeral_private": some(f"{name} ephemeral"),
                    }
                    used = {**own, **used}
                made.append(
                    {
                        "name": name,
                        "layout": layout,
                        "json_bytes": length,
                        **used,
                        "data": data,
                        **_padded(layout, length, used, place, row),
                    }
                )
    return made


def _padded(layout: str, length: int, used: Vector, place: PartPlace, row: WorkPlace) -> Vector:
    value = "a" * (length - 2)
    try:
        if layout == "part":
            blob = envelope.seal_part(
                value,
                place,
                key_id=CONTENT.id,
                public_key=CONTENT.public,
                limit=256_000,
                draw=draws(**used),
            )
        else:
            blob = envelope.seal_work(value, row, key_id=WORK_ID, key=WORK_KEY, draw=draws(**used))
    except envelope.TooLarge:
        return {"blob_bytes": None, "blob_blake2b_256": None}
    return {"blob_bytes": len(blob), "blob_blake2b_256": blake2b(blob, digest_size=32).digest()}


def corrupted() -> list[Vector]:
    """Blobs that must not open at their places, with the keys of the vector they come from."""
    good = {vector["name"]: vector for vector in blobs()}
    content, whole = good["content part"], good["wrap whole"]
    made = []

    def add(name: str, source: Vector, blob: bytes, **other: Any) -> None:
        made.append({**source, **other, "name": name, "of": source["name"], "blob": blob})

    blob = content["blob"]
    add("suite 2", content, b"\x02" + blob[1:])
    add("another epoch in the head", content, _flipped(blob, 4))
    add("another key id", content, _flipped(blob, 20))
    add("one bit of the data key's box", content, _flipped(blob, 100))
    add("one bit of the nonce", content, _flipped(blob, 101))
    add("one bit of the body", content, _flipped(blob, 125))
    add("one bit of the tag", content, _flipped(blob, len(blob) - 1))
    add("one byte short", content, blob[:-1])
    add("one byte more", content, blob + b"\0")
    add("in another submission", content, blob, submission=some("another submission", 16))
    add("as a contact part", content, blob, compartment=int(Compartment.CONTACT))
    add("sealed well, padding not zeros", content, _sealed(content, _body(b"{}", tail=b"\1")))
    add("sealed well, length beyond the body", content, _sealed(content, _body(b"{}", length=9999)))
    add("sealed well, no JSON", content, _sealed(content, _body(b"{]")))
    form = good["state form"]
    add("a form's state as a receipt", form, form["blob"], purpose=int(Purpose.RECEIPT))
    coding = good["coding"]
    add("a coding in another column", coding, coding["blob"], column="note")
    her = good["private key of a person, passphrase typed decomposed"]
    add("a person's key with cheaper parameters", her, _flipped(her["blob"], 8))
    add("a person's key beside another public key", her, her["blob"], public=STRANGER.public)
    wrong = envelope.SUITE + envelope.seal_box(
        b"\x09" + whole["key_id"] + whole["key"], PERSON.public, draws(e=some("wrong ephemeral"))
    )
    add("a wrap of no known kind", whole, wrong)
    add("a wrap for somebody else", whole, whole["blob"], private=STRANGER.private)
    return made


def _flipped(blob: bytes, place: int) -> bytes:
    return blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]


def _body(content: bytes, *, length: int | None = None, tail: bytes = b"\0") -> bytes:
    room = 4000 - envelope.PART_HEAD - envelope.TAG - 4
    shown = len(content) if length is None else length
    return shown.to_bytes(4, "big") + content.ljust(room - 1, b"\0") + tail


def _sealed(content: Vector, body: bytes) -> bytes:
    sealed = envelope._encrypted(
        body, content["data"], content["data_key"], draws(nonce=content["nonce"])
    )
    return content["blob"][:101] + sealed


def code_vectors() -> Vector:
    look_key, code_key = derived(SECRET, "receipt-look"), derived(SECRET, "receipt-code")
    receipts = []
    for name in ("token", "another token", "token 65"):
        token = some(name, 16)
        code = codes.receipt_code(token, code_key)
        look = codes.receipt_look(code, look_key)
        receipts.append({"token": token, "code": code, "look": look})
    card_key = derived(SECRET, "card-code")
    cards = [
        {"code": code, "look": codes.card_look(code, card_key)}
        for code in ("000000000000", "123456789012")
    ]
    imported = [
        {"consultation": CONSULTATION, "id": line, "look": _import_look(line)}
        for line in ("1", "شماره ۱")
    ]
    return {"receipts": receipts, "cards": cards, "imports": imported}


def _import_look(line: str) -> bytes:
    return codes.import_look(CONSULTATION, line, derived(SECRET, "import-id"))


def macs() -> list[Vector]:
    key = derived(SECRET, "public-mac")
    made = []
    for compartment, public in ((1, CONTENT.public), (2, STRANGER.public)):
        mac = codes.public_mac(
            key,
            Owner.CONSULTATION,
            CONSULTATION,
            public,
            key_id=CONTENT.id,
            compartment=compartment,
            epoch=3,
        )
        made.append(
            {
                "owner": 1,
                "owner_id": CONSULTATION,
                "compartment": compartment,
                "epoch": 3,
                "key_id": CONTENT.id,
                "key": public,
                "mac": mac,
            }
        )
    check = keys.working_check(WORK_KEY)
    mac = codes.public_mac(
        key, Owner.CONSULTATION, CONSULTATION, check, key_id=WORK_ID, compartment=4, epoch=3
    )
    made.append(
        {
            "owner": 1,
            "owner_id": CONSULTATION,
            "compartment": 4,
            "epoch": 3,
            "key_id": WORK_ID,
            "working_key": WORK_KEY,
            "key": check,
            "mac": mac,
        }
    )
    mac = codes.public_mac(key, Owner.PERSON, UID, PERSON.public)
    made.append(
        {
            "owner": 2,
            "owner_id": UID,
            "compartment": 0,
            "epoch": 0,
            "key_id": envelope.ZEROS,
            "key": PERSON.public,
            "mac": mac,
        }
    )
    paper = recovery.from_root(some("paper"))
    both, number = paper.box_public + paper.age_public, (1).to_bytes(16, "big")
    mac = codes.public_mac(key, Owner.RECOVERY, number, both)
    made.append(
        {
            "owner": 3,
            "owner_id": number,
            "compartment": 0,
            "epoch": 0,
            "key_id": envelope.ZEROS,
            "key": both,
            "mac": mac,
        }
    )
    return made


def papers() -> list[Vector]:
    made = []
    for root in (bytes(32), b"\xff" * 32, some("paper")):
        paper = recovery.from_root(root)
        made.append(
            {
                "root": root,
                "words": " ".join(words.to_words(root)),
                "box_private": paper.box_private,
                "box_public": paper.box_public,
                "age_private": paper.age_private,
                "age_public": paper.age_public,
            }
        )
    return made


def passphrases() -> list[Vector]:
    vector = person()
    same = ("passphrase", "pepper", "memory_kib", "passes", "lanes", "salt", "key")
    decomposed = {name: vector[name] for name in same}
    return [decomposed, {**decomposed, "passphrase": "Café décollé à l'aube"}]


def build() -> Vector:
    """Give the whole file."""
    check_key = derived(SECRET, "blob-check")
    content = blobs()[0]["blob"]
    return {
        "about": "Suite 1 of Consult's envelope; docs/formats.md explains. Bytes are hex, integers"
        " big-endian. `data` is the associated data, `blob` the output.",
        "server_keys": {
            "secret": SECRET,
            "derived": {label: derived(SECRET, label) for label in sorted(LABELS)},
        },
        "blobs": blobs(),
        "padding": {
            "about": "The JSON is a string of `json_bytes - 2` letters a in quotation marks;"
            " places and keys are those of the content part and the coding above."
            " Without `blob_bytes` it is refused as too large.",
            "cases": paddings(),
        },
        "corrupted": corrupted(),
        "codes": code_vectors(),
        "passphrases": passphrases(),
        "paper_keys": papers(),
        "public_macs": macs(),
        "blob_check": {
            "key": check_key,
            "of": "content part",
            "check": envelope.blob_check(check_key, content),
        },
    }


def written(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True, default=bytes.hex) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(build()))
