"""Every hostile text through every text field, and every page and file that shows it (SAFETY 5).

Loops, not a case a test: the same few forms carry all of them.
"""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from consult import spreadsheets
from consult.briefings import blocks, writing
from consult.consultations import versions
from consult.questionnaires.answers import take_words
from consult.reading import quotes
from consult.submissions import inbox, opening
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent
from consult.submissions.models import Submission
from tests.answering.walking import Phone, offers, the_demonstration
from tests.conftest import NOW
from tests.consultations.factories import TODAY, House, send, token
from tests.pages import Client, Page
from tests.promises import raw
from tests.promises.serving import encoded
from tests.submissions.factories import a_sending, unlocked

pytestmark = raw.on_sqlite

LINES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "hostile_inputs.jsonl").read_text("utf-8").splitlines()
]
SLUG = "inclusive-peace"
STAFF = f"/en/staff/{SLUG}"
LIMIT = 60_000
# A form field's bytes that are no UTF-8 at all.
NO_TEXT = [b"%ff%fe", b"%ed%a0%80", b"%c0%af", b"%f8%88%80%80%80", b"%00%ff", b"%"]


def text_of(line: dict[str, Any]) -> str:
    repeat = line.get("repeat", 1)
    times = repeat if isinstance(repeat, int) else 500
    whole = line.get("prefix", "") + line["value"] * times + line.get("suffix", "")
    return whole[:LIMIT]


TEXTS = {
    line["id"]: text_of(line)
    for line in LINES
    if isinstance(line["value"], str) and "raw" not in line and not line.get("kind")
}
SENDABLE = {name: text for name, text in TEXTS.items() if not re.search("[\ud800-\udfff]", text)}
HONEST = [line["id"] for line in LINES if line["category"] == "honest" and line["id"] in SENDABLE]


@dataclass(frozen=True)
class Place:
    """A text field of the form: its name, and what has to stand beside it."""

    field: str
    beside: tuple[tuple[str, str], ...] = ()


PLACES = (
    Place("needs.other", (("needs", "other"),)),
    Place("needs_words"),
    Place("mandate_words"),
    Place("recommendation.text", (("recommendation.addressee", "un_missions"),)),
    Place("organisation.name", (("consent.use", "quote_attributed"),)),
)


def until(phone: Phone, field: str) -> Page:
    """Go on until a step shows this field."""
    for _ in range(12):
        if offers(phone.page, field):
            return phone.page
        if phone.page.tree.css('button[value^="section:"]'):
            phone.forward()
        else:
            wanted = {k: v for k, v in NEEDED.items() if offers(phone.page, k)}
            phone.forward(**wanted)
    raise AssertionError(f"no step shows {field}")


NEEDED = {
    "needs": ["health"],
    "sex": ["woman"],
    "age_band": ["18_29"],
    "place": ["AF-KAB"],
    "setting": ["rural"],
}


@pytest.fixture
def talks(house: House):
    return the_demonstration(house)


def seen(text: str) -> str:
    """What of a text can be compared after a page has shown it."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable()).replace("\ufeff", "")


def test_hostile_inputs_in_every_field_of_the_form(talks, client):
    """Taken or refused beside the field, never a fault, nothing lost and nothing made of it."""
    statuses: Counter[int] = Counter()
    for place in PLACES:
        phone = Phone(client, "demo1")
        page = until(phone, place.field)
        plain = answer_to(phone, page, place, "plain words")
        assert plain.status == 200
        for name, text in SENDABLE.items():
            answer = answer_to(phone, page, place, text)
            statuses[answer.status] += 1
            assert answer.status in (200, 422), (place.field, name, answer.status)
            if answer.status == 422:
                held(answer, place, text, name)
                assert name not in HONEST or len(text) > 200, (place.field, name)
    assert statuses[200] > 700
    assert statuses[422] > 20


def answer_to(phone: Phone, page: Page, place: Place, text: str) -> Page:
    go = "check" if place.field == "organisation.name" else phone_forward(page)
    typed: dict[str, Any] = {k: v for k, v in NEEDED.items() if offers(page, k)}
    typed |= {**page.hidden(), **dict(place.beside), place.field: text, "go": go}
    return phone.client.post("/en/demo1", typed)


def phone_forward(page: Page) -> str:
    button = page.tree.css_first('button[name="go"]')
    return button.attributes.get("value") or ""


def held(answer: Page, place: Place, text: str, name: str) -> None:
    """What was typed stands in the field again, as a browser would have it."""
    assert answer.title.startswith("Error:"), (place.field, name)
    node = answer.field(place.field)
    value = node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
    # A browser reads NUL as the sign for what it cannot show.
    assert seen(value) == seen(text.replace("\0", "\ufffd")), (place.field, name)


def test_bytes_that_are_no_text_are_no_fault(talks, client):
    phone = Phone(client, "demo1")
    page = until(phone, "needs_words")
    for bad in NO_TEXT:
        whole = encoded({**page.hidden(), "needs": "health", "go": phone_forward(page)})
        for body in (whole + b"&needs_words=" + bad, whole + b"&" + bad + b"=1", bad):
            answer = client.flask.post(
                "/en/demo1", data=body, content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code in (200, 400, 409, 422), bad


def test_hostile_inputs_in_every_other_public_field(talks, client):
    for name, text in list(SENDABLE.items()):
        for path, fields in (
            ("/en/demo1", {"state": text, "go": "next"}),
            ("/en/demo1", {"receipt": text, "go": "kept"}),
            ("/en/receipt", {"code": text}),
        ):
            answer = client.post(path, fields)
            assert answer.status in (404, 409, 429), (path, name, answer.status)
        page = client.get("/en/", Accept_Language=header(text))
        assert page.status == 200, name


def header(text: str) -> str:
    """As much of a text as a header can hold."""
    return "".join(c for c in text if c.isprintable() and c.isascii())[:2000]


# What was taken, on the staff's side


@dataclass
class Told:
    """Voices that hold what the door took, with their texts by submission."""

    house: House
    consultation: Any
    texts: dict[bytes, str]
    browser: Client


@pytest.fixture
def told(house: House, talks) -> Told:
    version = versions.current(house.session, talks)
    texts: dict[bytes, str] = {}
    for text in SENDABLE.values():
        words = take_words("needs_words", text, limit=2_000).value
        short = take_words("organisation.name", text, limit=200).value
        if words is None:
            continue
        answers: dict[str, Any] = {
            "sex": "woman",
            "needs": ["other"],
            "needs_words": words,
            "recommendation": {"text": words[:1_000], "addressee": "un_missions"},
        }
        if short is not None:
            answers |= {"needs.other": short, "mandate_words": short}
        sending = a_sending(
            version.id,
            answers=answers,
            channel=Channel.PAPER,
            consent=Consent(use=Use.QUOTE_ATTRIBUTED),
            organisation=short or "Somebody",
        )
        done = inbox.store(house.session, talks, sending, secrets=house.secrets, received_on=TODAY)
        row = house.session.query(Submission.id).filter_by(receipt_hash=done.hash).one()
        texts[row.id] = words
    house.session.commit()
    assert len(texts) > 180
    return Told(house, talks, texts, house.browser())


# What a page may be made of; a text makes no other element and no attribute.
TAGS = {
    *(
        [
            "html",
            "head",
            "title",
            "meta",
            "link",
            "script",
            "body",
            "header",
            "nav",
            "main",
            "footer",
            "section",
            "article",
            "aside",
        ]
    ),
    *(
        [
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "a",
            "ul",
            "ol",
            "li",
            "dl",
            "dt",
            "dd",
            "div",
            "span",
            "strong",
            "em",
            "b",
            "i",
            "mark",
            "bdi",
            "br",
            "hr",
            "small",
        ]
    ),
    *(
        [
            "form",
            "label",
            "input",
            "textarea",
            "select",
            "optgroup",
            "option",
            "button",
            "fieldset",
            "legend",
            "details",
            "summary",
        ]
    ),
    *(
        [
            "table",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "th",
            "td",
            "caption",
            "figure",
            "figcaption",
            "svg",
            "g",
            "rect",
            "line",
            "text",
            "path",
        ]
    ),
    *(["blockquote", "q", "cite", "time", "abbr", "img", "wbr"]),
}


def nothing_made_of_it(page: Page, where: str) -> None:
    tags = {node.tag for node in page.tree.css("*")} - {"-text", "-comment"}
    assert tags <= TAGS, (where, tags - TAGS)
    for node in page.tree.css("a,link,img,script,form"):
        for name in ("href", "src", "action"):
            target = node.attributes.get(name) or ""
            assert target[:1] in ("", "/", "#", "?"), (where, target)


def test_hostile_inputs_on_the_staffs_pages(told):
    """Each stands there as text, on its own page and in the lists, and opens no other address."""
    for submission_id, text in told.texts.items():
        page = told.browser.get(f"{STAFF}/submissions/{submission_id.hex()}")
        assert page.status == 200, ascii(text[:60])
        nothing_made_of_it(page, ascii(text[:60]))
        # Marks of direction are made visible, which is a change.
        if not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text):
            body = page.tree.body
            assert seen(text).replace(" ", "") in seen(body.text()).replace(" ", ""), ascii(text)
    for path in ("submissions", "quotes", "figures", "figures?by=sex", ""):
        page = told.browser.get(f"{STAFF}/{path}")
        assert page.status == 200, path
        nothing_made_of_it(page, path)


def test_hostile_inputs_in_every_export(told, tmp_path):
    """CSV guards, XLSX holds strings, JSON Lines gives back each text as it was typed."""
    paths = {}
    for kind in ("csv", "xlsx", "jsonl"):
        paths[kind] = tmp_path / f"all.{kind}"
        told.house.command(
            "submissions", "export", SLUG, "--format", kind, "--out", str(paths[kind]),
            "--as", "Farida",
        )  # fmt: skip
    words = Counter(told.texts.values())
    lines = [json.loads(line) for line in paths["jsonl"].read_bytes().split(b"\n") if line]
    assert Counter(line["answers"]["needs_words"] for line in lines) == words
    with paths["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(told.texts)
    for row in rows:
        for cell in row.values():
            assert not spreadsheets.is_formula_like(cell)
    guarded = Counter(
        "'" * spreadsheets.is_formula_like(text) + spreadsheets.writable(text)
        for text in told.texts.values()
    )
    assert Counter(row["needs_words"] for row in rows) == guarded
    book = openpyxl.load_workbook(paths["xlsx"])
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    column = heads.index("needs_words") + 1
    for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row):
        assert cell.data_type in ("s", "n")
        assert cell.data_type == "s" or cell.value is None or isinstance(cell.value, int | float)
        if cell.data_type == "s" and spreadsheets.is_formula_like(cell.value):
            assert cell.quotePrefix
    found = Counter(
        openpyxl.utils.escape.unescape(sheet.cell(row, column).value or "")
        for row in range(2, sheet.max_row + 1)
    )
    kept = Counter(spreadsheets.writable(text) for text in told.texts.values())
    same = sum((found & kept).values())
    assert same > 0.9 * len(told.texts)


def test_honest_texts_are_taken_shown_and_exported_unchanged(told, tmp_path):
    out = tmp_path / "all.jsonl"
    told.house.command(
        "submissions", "export", SLUG, "--format", "jsonl", "--out", str(out), "--as", "Farida"
    )
    lines = [json.loads(line) for line in out.read_bytes().split(b"\n") if line]
    given = {line["answers"]["needs_words"] for line in lines}
    for name in HONEST:
        text = SENDABLE[name]
        if len(text) <= 2_000:
            assert text in given or text.replace("\r\n", "\n") in given, name


def test_hostile_inputs_in_the_tally(told, tmp_path):
    for kind in ("json", "csv", "xlsx"):
        out = tmp_path / f"tally.{kind}"
        told.house.command(
            "tally", SLUG, "--format", kind, "--out", str(out), "--as", "Farida", "--by", "sex"
        )
        assert out.stat().st_size > 1_000
    made = json.loads((tmp_path / "tally.json").read_bytes())
    assert made["submissions"] == len(told.texts)
    keys = {question["key"] for question in made["questions"]}
    assert not {"needs_words", "mandate_words"} & keys


PICKED = {"markup", "formula", "template", "sql", "bidi", "honest"}


def test_hostile_inputs_as_quotes_in_every_file_of_a_briefing(told, tmp_path):
    """Picked, cleared, shown in lists, and set in each file as the words that they are."""
    house = told.house
    names = [line["id"] for line in LINES if line["category"] in PICKED and line["id"] in SENDABLE]
    wanted = {SENDABLE[name] for name in names if len(SENDABLE[name]) < 200}
    held = unlocked(house, told.consultation)
    draft = writing.begin(house.session, held, "en")
    texts = dict.fromkeys(told.consultation.locales, "Found.")
    finding = writing.add_finding(house.session, held, draft, texts)
    picked: list[str] = []
    for submission_id, text in told.texts.items():
        if text not in wanted or not text.strip():
            continue
        one = opening.one(house.session, held, submission_id)
        try:
            quote = quotes.pick(house.session, held, one, "needs_words", text)
        except (quotes.NotInAnswer, quotes.TooShort):
            continue
        quotes.clear(
            house.session, house.secrets, held, quote.id, quote.mark, reason="a test", at=NOW
        )
        writing.rest_on(
            house.session, held, writing.current(house.session, held), finding, quote.id
        )
        picked.append(quote.text)
    house.session.commit()
    assert len(picked) > 50
    nothing_made_of_it(told.browser.get(f"{STAFF}/quotes"), "quotes")
    nothing_made_of_it(told.browser.get(f"{STAFF}/briefing/preview"), "preview")
    files = {
        kind: told.browser.flask.get(f"{STAFF}/briefing/file/{kind}")
        for kind in ("docx", "pdf", "html", "md")
    }
    assert {answer.status_code for answer in files.values()} == {200}
    page = HTMLParser(files["html"].get_data(as_text=True))
    assert {node.tag for node in page.css("*")} - {"-text"} <= TAGS | {"style", "polyline", "tspan"}
    whole = squeezed(page.body.text())
    document = docx.Document(io.BytesIO(files["docx"].data))
    paper = squeezed("".join(document.element.itertext()))
    missing = {
        "html": [t for t in picked if squeezed(blocks.writable(t)) not in whole],
        "docx": [t for t in picked if squeezed(blocks.writable(t)) not in paper],
    }
    assert missing == {"html": [], "docx": []}
    content = files["pdf"].data.lower()
    assert b"/javascript" not in content
    assert b"/launch" not in content


def squeezed(text: str) -> str:
    return "".join(c for c in text if not c.isspace())


def test_hostile_inputs_in_what_staff_write_and_ask(told):
    """Report-back, translations of quotes, names, passphrases, filters, next: never a fault."""
    browser = told.browser
    fields = {"csrf_token": token(browser.get("/en/staff/account"))}
    ids = [name.hex() for name in told.texts][:1]
    some = [text for name, text in SENDABLE.items() if not name.startswith(("number", "date"))]
    for text in some:
        told_ = ascii(text[:60])
        answer = browser.post(f"{STAFF}/report-back/en", {**fields, "heard": text, "next": text})
        assert answer.status in (303, 422), told_
        answer = browser.post(
            f"{STAFF}/submissions/{ids[0]}/quote/needs_words", {**fields, "words": text}
        )
        assert answer.status in (303, 422), told_
    for text in some[::3]:
        answer = browser.post(f"{STAFF}/people/add", {**fields, "name": text, "role": text})
        assert answer.status == 422, ascii(text[:60])
    for text in some[::20]:
        told_ = ascii(text[:60])
        answer = browser.post(f"{STAFF}/drill", {**fields, "words": text})
        assert answer.status == 422, told_
        answer = browser.post(f"{STAFF}/opening/days", {**fields, "opens_on.day": text})
        assert answer.status == 422, told_
        for path in ("submissions", "figures", "figures/tally.csv"):
            for name in ("language", "place", "week", "after", "by", "where", "threshold"):
                asked = browser.flask.get(f"{STAFF}/{path}", query_string={name: text})
                assert asked.status_code in (200, 303, 404, 409, 422), (path, name, told_)


def test_hostile_inputs_where_somebody_signs_in(told):
    """And where she is led afterwards is a page of ours, whatever the address asked for."""
    stranger = Client(told.house.app)
    hard = [line for line in LINES if line["category"] in ("redirect", "control", "encoding")]
    for line in hard:
        if line["id"] not in SENDABLE:
            continue
        text = SENDABLE[line["id"]]
        fields = {"name": text[:300], "passphrase": text[:300]}
        answer = send(stranger, "/en/staff/sign-in", fields)
        assert answer.status == 422, line["id"]
        browser = Client(told.house.app)
        page = browser.flask.get("/en/staff/sign-in", query_string={"next": text})
        known = Page(page)
        signed = browser.flask.post(
            "/en/staff/sign-in",
            query_string={"next": text},
            data={
                "csrf_token": known.field("csrf_token").attributes["value"],
                "name": "Farida",
                "passphrase": "tulip rain seven rivers",
            },
        )
        assert signed.status_code == 303, line["id"]
        assert re.match(r"/en/staff/[^/]?", signed.location), (line["id"], signed.location)
        assert "evil" not in signed.location


def test_hostile_inputs_in_an_import_and_in_a_questionnaire(house, talks, tmp_path):
    """A line is taken or named with its reason; nothing else happens to it."""
    file = tmp_path / "lines.jsonl"
    made = [
        {
            "language": "en",
            "received_on": TODAY.isoformat(),
            "consent": {"use": "count"},
            "answers": {"needs_words": text},
        }
        for text in TEXTS.values()
    ]
    file.write_text("\n".join(json.dumps(line) for line in made) + "\n")
    said = house.command("submissions", "import", SLUG, str(file), "--skip-bad")
    stored, left = map(int, re.search(r"(\d+) stored, 0 known already, (\d+) left", said).groups())
    assert stored + left == len(TEXTS)
    assert stored > 180
    assert left >= 5
    bad = [line["value"] for line in LINES if line["category"] == "json"]
    for number, text in enumerate(t for t in bad if isinstance(t, str)):
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        told_ = house.command("submissions", "import", SLUG, str(file), code=1)
        assert told_.startswith("Error: "), number
        assert told_.count("\n") == 1, number
