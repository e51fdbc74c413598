"""Somebody of the staff at her desk."""

from playwright.sync_api import Page, expect

from consult.demo.accounts import Credentials
from tests.journeys.respondent import go_on


def sign_in(page: Page, language: str, account: Credentials) -> None:
    """Sign in, and arrive at the list of her consultations."""
    page.goto(f"/{language}/staff/sign-in")
    page.locator("[name=name]").fill(account.name)
    page.locator("[name=passphrase]").fill(account.passphrase)
    go_on(page, page.locator("main button"))
    expect(page.locator(".sign-out")).to_be_visible()
