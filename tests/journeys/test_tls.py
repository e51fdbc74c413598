"""The real server over TLS, as in production: the cookie, the headers, a form from end to end."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import installation, respondent
from tests.journeys.conftest import Visits
from tests.journeys.installation import CODE, SLUG, Installation
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.journey

COOKIE = "__Host-consult"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that we signed ourselves, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(made),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return made, key


@pytest.fixture(scope="module")
def secure(
    _demonstration: tuple[Installation, str], certificate: tuple[Path, Path]
) -> Iterator[str]:
    """The address of the production profile over TLS, on what the demonstration has stored."""
    port = installation.free_port()
    address = f"https://127.0.0.1:{port}"
    made, key = certificate
    environment = {
        "CONSULT_PROFILE": "production",
        "CONSULT_PUBLIC_URL": address,
        "INSTANCE": str(_demonstration[0].settings.instance),
        "CONSULT_FREE_DISK_BYTES": "0",
    }
    options = ["--ssl-certificate", str(made), "--ssl-keyfile", str(key)]
    with installation.granian("wsgi:app", environment, *options, port=port):
        yield address


def test_the_session_is_bound_to_the_host_and_never_leaves_tls(
    visit: Visits, accounts, secure: str
) -> None:
    page = visit("ps", base=secure, ignore_https_errors=True).page
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    sign_in(page, "ps", accounts["editor"])
    (cookie,) = page.context.cookies()
    assert cookie["name"] == COOKIE
    assert (cookie["domain"], cookie["path"]) == ("127.0.0.1", "/")
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert all("strict-transport-security" in answer.headers for answer in answers)
    page.goto(f"/ps/staff/{SLUG}/submissions")
    expect(page.locator("main table")).to_be_visible()
    respondent.go_on(page, page.locator(".sign-out button"))
    page.goto(f"/ps/staff/{SLUG}/submissions")
    expect(page.locator("[name=passphrase]")).to_be_visible()


def test_the_form_is_sent_over_tls_without_a_cookie(visit: Visits, secure: str) -> None:
    her = visit("ps", base=secure, ignore_https_errors=True)
    her.page.goto(f"/ps/{CODE}")
    code = respondent.walk(her.page, respondent.answers("ps"))
    assert her.page.context.cookies() == []
    her.page.goto("/ps/receipt")
    her.page.locator("[name=code]").fill(code)
    respondent.go_on(her.page, her.page.locator("main button"))
    expect(her.page.locator(f'a[href$="/{CODE}/report"]')).to_be_visible()
