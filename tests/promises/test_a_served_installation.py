"""A real server with the settings that ship: what it leaves on disk, and what it says."""

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.settings import ROOT
from tests.answering.walking import Phone, buttons, shown, the_demonstration
from tests.consultations.factories import PASSPHRASE, House, token
from tests.pages import Page
from tests.promises import raw
from tests.promises.serving import NEEDLE, Server, Wire, environment, needle, serving, until_today

pytestmark = raw.on_sqlite
SLUG = "inclusive-peace"
STAFF = f"/en/staff/{SLUG}"


@dataclass
class Site:
    """A served installation, and the needles planted in it so far."""

    house: House
    instance: Path
    outside: Path
    stack: ExitStack
    server: Server
    needles: list[str] = field(default_factory=list)

    def plant(self) -> str:
        self.needles.append(needle())
        return self.needles[-1]

    def command(self, *words: str) -> str:
        return self.house.command(*words)


@pytest.fixture
def site(house: House, settings, tmp_path: Path, monkeypatch) -> Iterator[Site]:
    the_demonstration(house)
    until_today(house)
    house.session.close()
    house.app.extensions["database"].engine.dispose()
    (settings.instance / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(settings.instance / "tmp"))
    outside = tmp_path / "outside"
    outside.mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(
            serving(settings.instance, tmp_path, TMPDIR=str(settings.instance / "tmp"))
        )
        yield Site(house, settings.instance, outside, stack, server)


def signed_in(site: Site) -> Wire:
    browser = site.server.client
    page = browser.get("/en/staff/sign-in")
    fields = {"name": "Farida", "passphrase": PASSPHRASE, "csrf_token": token(page)}
    assert browser.post("/en/staff/sign-in", fields).status == 303
    return browser


def send(browser: Wire, path: str, fields: dict[str, str], seen: str | None = None) -> Page:
    page = browser.get(seen or path)
    return browser.post(path, {"csrf_token": token(page), **fields})


def a_voice(site: Site) -> str:
    """Fill every text field of the form with a needle, and send; gives the receipt code."""
    phone = Phone(site.server.client, "demo1")  # type: ignore[arg-type] # speaks as a client does
    phone.forward()
    for _ in range(20):
        if any(go.startswith("section:") for go in buttons(phone.page)):
            break
        typed = {}
        for node in phone.page.tree.css('textarea, input[type="text"]'):
            name = node.attributes.get("name") or ""
            if not node.attributes.get("inputmode") and name not in typed:
                typed[name] = site.plant()
        for name in shown_choices(phone.page):
            typed.setdefault(name, "other" if name == "needs" else first(phone.page, name))
        phone.forward(**typed)
        assert phone.page.status == 200, phone.page.text
    phone.forward()
    fields = {"consent__use": "quote_attributed", "organisation__name": site.plant()}
    page = phone.press("send", **fields)
    assert page.status == 200, page.text
    return page.tree.css_first("#receipt-code").text()


def shown_choices(page: Page) -> list[str]:
    """Each question that has to be chosen, once."""
    names = [node.attributes.get("name") or "" for node in page.tree.css('input[type="radio"]')]
    names += [node.attributes.get("name") or "" for node in page.tree.css('input[type="checkbox"]')]
    names += [node.attributes.get("name") or "" for node in page.tree.css("select")]
    return [
        name
        for name in dict.fromkeys(names)
        if ("." not in name or name.endswith(".addressee")) and not any(shown(page).get(name, []))
    ]


def first(page: Page, name: str) -> str:
    nodes = [
        node
        for node in page.tree.css(f'[name="{name}"]')
        if node.attributes.get("type") in ("radio", "checkbox")
    ]
    if nodes:
        return nodes[0].attributes.get("value") or ""
    values = [
        node.attributes.get("value") or "" for node in page.tree.css(f'[name="{name}"] option')
    ]
    return next(value for value in values if value)


def lines(site: Site, count: int) -> bytes:
    made = [
        {
            "id": site.plant(),
            "language": "ps",
            "received_on": "2026-11-01",
            "consent": {"use": "quote_attributed"},
            "organisation": {"name": site.plant()},
            "answers": {"sex": "woman", "needs_words": site.plant()},
        }
        for _ in range(count)
    ]
    return b"".join(json.dumps(line).encode() + b"\n" for line in made)


def everything_read(site: Site, browser: Wire) -> None:
    """A staff member opens all, quotes, translates, writes, counts and takes files away."""
    page = browser.get(f"{STAFF}/submissions")
    links = re.findall(rf"{STAFF}/submissions/([0-9a-f]+)", page.html)
    assert len(set(links)) >= 10
    seen = ""
    for name in dict.fromkeys(links):
        read = browser.get(f"{STAFF}/submissions/{name}")
        assert read.status == 200
        seen += read.html
        found = re.search(rf"{STAFF}/submissions/{name}/quote/(needs_words)", read.html)
        if found:
            picking = f"{STAFF}/submissions/{name}/quote/{found[1]}"
            words = browser.get(picking).field("words").text()
            assert send(browser, picking, {"words": words}).status == 303
    assert sum(one in seen for one in site.needles) > 40, "the needles do not show"
    quotes = browser.get(f"{STAFF}/quotes")
    quote = next(iter(re.findall(rf"{STAFF}/quotes/([0-9a-f]{{32}})", quotes.html)))
    texts = {f"to_{name}": site.plant() for name in ("en", "fr", "fa_AF", "ps")}
    done = send(browser, f"{STAFF}/quotes/{quote}/translations", texts, f"{STAFF}/quotes/{quote}")
    assert done.status == 303
    for path in ("figures", "figures?by=sex", "figures/tally.csv", "figures/tally.xlsx"):
        assert browser.get(f"{STAFF}/{path}").status == 200


def written(site: Site, browser: Wire) -> None:
    assert send(browser, f"{STAFF}/briefing/begin", {}, f"{STAFF}/briefing").status == 303
    words = [site.plant() for _ in range(4)]
    page = browser.get(f"{STAFF}/briefing/findings/add")
    names = [node.attributes.get("name") or "" for node in page.tree.css("textarea")]
    typed = dict(zip(names, words, strict=True))
    done = browser.post(f"{STAFF}/briefing/findings/add", {"csrf_token": token(page), **typed})
    assert done.status == 303
    report = {"heard": site.plant(), "done": site.plant()}
    assert send(browser, f"{STAFF}/report-back/en", report).status == 303
    for kind in ("docx", "pdf", "html", "md"):
        assert browser.get(f"{STAFF}/briefing/file/{kind}").status == 200
    assert words[0].encode() in browser.body


def places(site: Site) -> dict[str, bytes]:
    """Everything that this installation could have written to, by name."""
    found = raw.files(site.instance)
    for number, path in enumerate(site.server.told):
        found[f"log {number}"] = path.read_bytes()
    found["process arguments and environment"] = site.server.command_lines()
    for path in Path("/dev/shm").glob("consult-*/**/*"):
        if path.is_file():
            found[str(path)] = path.read_bytes()
    return found


def spellings(word: str) -> list[bytes]:
    return [word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word[::-1].encode()]


def found_in(places: dict[str, bytes], words: list[str]) -> list[tuple[str, bytes]]:
    """Where any needle is found, in whole or in part, and any of these words."""
    looked_for = [*spellings(NEEDLE), *(word.encode() for word in words)]
    return [(name, word) for name, data in places.items() for word in looked_for if word in data]


def test_needles_nowhere_on_disk(site):
    codes = [a_voice(site) for _ in range(10)]
    file = site.outside / "lines.jsonl"
    file.write_bytes(lines(site, 12))
    assert "12 stored" in site.command("submissions", "import", SLUG, str(file))
    browser = signed_in(site)
    everything_read(site, browser)
    written(site, browser)
    for kind in ("csv", "xlsx", "jsonl"):
        out = str(site.outside / f"all.{kind}")
        told = site.command(
            "submissions", "export", SLUG, "--format", kind, "--out", out, "--as", "Farida"
        )
        assert "22 submissions" in told
    tally = str(site.outside / "tally.json")
    site.command("tally", SLUG, "--format", "json", "--out", tally, "--as", "Farida")
    paper = str(site.outside / "briefing.docx")
    site.command(
        "briefing", SLUG, "--lang", "ps", "--format", "docx", "--out", paper, "--as", "Farida"
    )
    assert len(site.needles) >= 100
    assert any(site.needles[0].encode() in data for data in raw.files(site.outside).values())
    whole = [code.replace(" ", "") for code in codes]
    secret = [*codes, *whole, PASSPHRASE]
    held = places(site)
    assert {"consult.sqlite3", "consult.sqlite3-wal"} <= set(held)
    assert found_in(held, secret) == []
    assert all(
        (site.outside / name).stat().st_mode & 0o077 == 0 for name in ("all.csv", "tally.json")
    )
    site.server.end()
    assert found_in(places(site), secret) == []


MALFORMED = [
    b"GET /en/{needle} HTTP/9.9\r\n\r\n",
    b"NONSENSE {needle}\r\n\r\n",
    b"GET /en/?q={needle} HTTP/1.1\r\nHost: {needle}.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"POST /en/demo1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{needle}",
    b"POST /en/demo1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{needle}",
    b"POST /en/demo1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz{needle}\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nX-Bad Header {needle}\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {needle}\x00\xff\r\n\r\n",
    b"GET /" + b"a" * 9000 + b"{needle} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"c" * 70_000 + b"{needle}\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc{needle}",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{needle}",
    b"{needle}",
]


def by_hand(port: int, content: bytes) -> None:
    """Send bytes as they are, say that this was all, and take what comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        try:
            line.sendall(content)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65_536):
                pass
        except OSError:
            # Cut off in the middle: what the server thinks of it is what it may not say.
            pass


def test_log_scan(site):
    """Malformed requests, addresses, codes and names: nothing of it is said, nor anything else."""
    for content in MALFORMED:
        by_hand(site.server.port, content.replace(b"{needle}", site.plant().encode()))
    code = a_voice(site)
    client = site.server.client
    agent, came = site.plant(), "198.51.100.77"
    odd = {"User-Agent": agent, "X-Forwarded-For": came, "Referer": f"http://{site.plant()}/"}
    for path in ("/en/", "/nowhere", "/en/demo1", f"/en/{site.plant()}", "/en/staff/sign-in"):
        client.ask("GET", f"{path}?{site.plant()}", None, odd)
        client.ask("POST", path, f"name={site.plant()}&go=next&state=x".encode(), odd)
    client.ask("POST", "/en/receipt", f"code={code}".encode(), odd)
    client.ask("POST", "/en/demo1", b"x" * 300_000, odd)
    client.ask("POST", "/en/demo1", b"{", {"Content-Type": "application/json"})
    browser = signed_in(site)
    wrong = browser.get("/en/staff/account")
    browser.post("/en/staff/sign-out", {"csrf_token": token(wrong)})
    page = client.get("/en/staff/sign-in")
    for name in ("Farida", site.plant()):
        fields = {"name": name, "passphrase": site.plant(), "csrf_token": token(page)}
        assert client.post("/en/staff/sign-in", fields).status == 422
    # A fault that nobody foresaw: the database is not one any more while it serves.
    (site.instance / "consult.sqlite3").rename(site.instance / "elsewhere.sqlite3")
    (site.instance / "consult.sqlite3").write_bytes(b"this is no database " * 1_000)
    for suffix in ("-wal", "-shm"):
        shutil.move(site.instance / f"consult.sqlite3{suffix}", site.outside)
    broken = site.server.client.ask("GET", f"/en/demo1?{site.plant()}", None, odd)
    assert broken.status_code in (200, 500, 503)
    site.server.end()
    said = site.server.said()
    told = {"what the server says": said.encode()}
    known = [code, code.replace(" ", ""), "Farida", came, "127.0.0.1", "demo1"]
    assert found_in(told, known) == []
    lines_ = [line for line in said.splitlines() if line.strip()]
    assert all(re.search(r"database: \w+$|fault in [\w.]+: \w+ at", line) for line in lines_), said


def test_public_process_cannot_open(site):
    """`CONSULT_FACE=public`: no opening, nothing heavy, no staff page, only public keys."""
    program = """
import sys
import wsgi
client = wsgi.app.test_client()
for path in ("/en/", "/en/demo1", "/en/demo1/report", "/en/safety", "/en/receipt", "/healthz"):
    assert client.get(path).status_code == 200, path
for path in ("", "sign-in", "account", "people", "inclusive-peace/", "inclusive-peace/submissions"):
    for method in ("GET", "POST"):
        assert client.open("/en/staff/" + path, method=method).status_code == 404, path
print("\\n".join(sorted(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(site.instance, CONSULT_FACE="public"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    heavy = {"numpy", "docx", "typst", "xlsxwriter", "openpyxl", "argon2"}
    assert {name for name in loaded if name.split(".")[0] in heavy} == set()
    opens = {
        "consult.submissions.opening",
        "consult.submissions.exports",
        "consult.figures.columns",
        "consult.reading.quotes",
        "consult.briefings.writing",
        "consult.people.staff",
        "consult.consultations.staff",
    }
    assert loaded & opens == set()


def test_a_public_server_takes_a_voice_and_has_no_staff_page(site, tmp_path):
    site.server.end()
    with serving(site.instance, tmp_path, CONSULT_FACE="public") as public:
        again = Site(site.house, site.instance, site.outside, site.stack, public)
        assert re.fullmatch(r"(\d{4} ){4}\d{4}", a_voice(again))
        for path in ("/en/staff/", "/en/staff/sign-in", STAFF):
            assert public.client.get(path).status == 404
        public.end()
        assert public.said().strip() == ""


def test_a_restart_of_the_server_signs_staff_out_and_loses_no_form(site, tmp_path):
    """Also when it falls between the last two steps, and while three people work."""
    phones = [Phone(site.server.client, "demo1") for _ in range(3)]  # type: ignore[arg-type]
    phones[0].to_consent()
    phones[1].to_check()
    phones[2].forward()
    browser = signed_in(site)
    assert browser.get(f"{STAFF}/submissions").status == 200
    site.server.end()
    with serving(site.instance, tmp_path) as second:
        for phone in phones:
            phone.client.port = second.port  # type: ignore[attr-defined]
        browser.port = second.port
        for phone in phones:
            if not phone.page.tree.css('[name="consent.use"]'):
                phone.to_consent()
            assert phone.press("send", consent__use="count").tree.css("#receipt-code")
        page = browser.get(f"{STAFF}/submissions")
        assert (page.status, "/sign-in" in page.location) == (303, True)


def test_the_files_of_an_installation_can_be_read_by_nobody_else(tmp_path, database_url):
    made = tmp_path / "made" / "instance"
    done = subprocess.run(
        ["sh", "-c", 'umask 022; exec "$0" -m flask --app wsgi init --recovery-out "$1"',
         sys.executable, str(made / "recovery")],
        cwd=ROOT,
        env=environment(made),
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {path.name: path.stat().st_mode & 0o777 for path in made.rglob("*") if path.is_file()}
    assert {"consult.sqlite3", "installation.key", "recovery.1", "recovery.2"} <= set(found)
    assert set(found.values()) == {0o600}
    assert made.stat().st_mode & 0o077 == 0
