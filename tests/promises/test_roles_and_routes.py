"""Who gets what at every route: the answers follow the marks, and nothing else (SAFETY 2.8)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect, Rule

from consult.consultations import members
from consult.consultations.access import PERMISSIONS, Permission
from consult.consultations.models import Role
from consult.frame import marks
from consult.people.models import Standing
from consult.reading import quotes
from consult.submissions import opening
from tests.conftest import NOW
from tests.consultations.factories import House
from tests.factories import Room, a_room
from tests.pages import Client
from tests.promises import raw

pytestmark = raw.on_sqlite

ENDS_THE_SESSION = ("people.sign_out", "people.end_sessions")
METHODS = ("GET", "POST")
ANONYMOUS, REMOVED, PENDING, STRANGER = "anonymous", "removed", "pending", "stranger"
ADMINISTRATOR = "administrator"
WHO = (ANONYMOUS, REMOVED, PENDING, STRANGER, ADMINISTRATOR, *(role.value for role in Role))
MISSING = "ee" * 16
NOT_ALIKE = re.compile(r"\s+|[0-9a-f]{32}|own-talks|other-talks|no-such-talks")


@dataclass
class World:
    """Two consultations of different people, and somebody of every kind with a browser."""

    room: Room
    other: Room
    browsers: dict[str, Client]
    ids: dict[str, dict[str, str]]

    @property
    def app(self) -> Flask:
        return self.room.house.app


@pytest.fixture
def world(house: House) -> World:
    own = a_room(house, slug="own-talks", code="owna1")
    other = a_room(house, slug="other-talks", code="othr1")
    people = {ADMINISTRATOR: house.person("Adela", Standing.ADMINISTRATOR)}
    for role in Role:
        people[role.value] = own.member(f"A {role.value}", role)
    people[PENDING] = own.member("A waiting one", Role.ANALYST, granted=False)
    people[STRANGER] = house.person("A stranger", Standing.EDITOR)
    people[REMOVED] = own.member("A removed one", Role.EDITOR)
    browsers = {ANONYMOUS: Client(house.app)}
    browsers |= {who: own.browser(person.name) for who, person in people.items()}
    house.look()
    members.remove(house.session, house.secrets, people[REMOVED], by=None, at=NOW)
    house.session.commit()
    ids = {"own": ids_of(own), "other": ids_of(other)}
    uid = people[PENDING].uid.hex()
    for values in ids.values():
        values["uid"] = uid
    ids["missing"] = {"uid": MISSING, "submission": MISSING, "quote": MISSING}
    house.look()
    return World(own, other, browsers, ids)


def ids_of(room: Room) -> dict[str, str]:
    """A submission and a quote that are really there."""
    submission = room.voice()
    unlocked = room.unlocked()
    one = opening.one(room.session, unlocked, submission)
    quote = quotes.pick(room.session, unlocked, one, "story", "We need a road.")
    room.session.commit()
    return {"submission": submission.hex(), "quote": quote.id.hex()}


def values_of(rule: Rule, slug: str, ids: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "segment": "en",
        "slug": slug,
        "code": "owna1",
        "uid": ids["uid"],
        "token": "no-such-token",
        "source": "story",
        "kind": "md" if "any(docx" in rule.rule else "csv",
        "rest": "",
        "step": "up",
        "name": MISSING,
    }
    if "/submissions/" in rule.rule:
        values["name"] = ids["submission"]
    elif "/quotes/" in rule.rule:
        values["name"] = ids["quote"]
    elif "/report-back/" in rule.rule:
        values["name"] = "en"
    return {name: values[name] for name in rule.arguments}


def rules(app: Flask) -> Iterator[Rule]:
    """Each path once."""
    known = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ENDS_THE_SESSION and rule.rule not in known:
            known.add(rule.rule)
            yield rule


def mark_of(adapter: MapAdapter, path: str, method: str, found: dict[str, marks.Mark]):
    """The mark behind a path and a method, or nothing where no view takes it."""
    try:
        return found[adapter.match(path, method=method)[0]]
    except (HTTPException, RequestRedirect):
        return None


def may(who: str, mark: marks.Mark) -> bool:
    """What the table of SAFETY 2.8, as the marks and the roles say it, gives to whom."""
    if mark.kind == "public":
        return True
    if who in (ANONYMOUS, REMOVED):
        return False
    if mark.kind == "signed_in":
        return True
    if mark.kind == "administrator":
        return who == ADMINISTRATOR
    roles = {role.value: permissions for role, permissions in PERMISSIONS.items()}
    return Permission(mark.asks) in roles.get(who, frozenset())


def test_roles_and_routes(world):
    """Everybody × route × method × own, other consultation, missing id: as the mark says, no 500."""
    app, adapter = world.app, world.app.url_map.bind("localhost")
    found, seen = marks.of(app), Counter[int]()
    places = {
        "own": ("own-talks", world.ids["own"]),
        "other": ("other-talks", world.ids["other"]),
        "missing consultation": ("no-such-talks", world.ids["own"]),
        "missing id": ("own-talks", world.ids["missing"]),
        "id of another": ("own-talks", world.ids["other"]),
    }
    for rule in rules(app):
        for where, (slug, ids) in places.items():
            if where != "own" and not {"slug", "uid", "name"} & rule.arguments:
                continue
            values = values_of(rule, slug, ids)
            path = adapter.build(rule.endpoint, values, method=min(rule.methods or {}))
            for who, browser in world.browsers.items():
                for method in METHODS:
                    answer = browser.flask.open(path, method=method)
                    status = answer.status_code
                    said = f"{who} {method} {path}: {status}"
                    assert status < 500, said
                    seen[status] += 1
                    hold(
                        said,
                        answer,
                        rule,
                        mark_of(adapter, path, method, found),
                        method,
                        who,
                        where,
                    )
    assert {200, 303, 400, 404, 405} <= set(seen)
    assert sum(seen.values()) > 3_000


def hold(said, answer, rule, mark, method, who, where) -> None:
    """Compare one answer with what mark and person allow."""
    status = answer.status_code
    if mark is None:
        assert status in (404, 405), said
    elif method == "POST" and "/staff" in rule.rule:
        # No token: whatever would come behind it, nothing is done before this.
        assert status == 400, said
    elif mark.kind == "public" or mark.kind == "signed_in":
        if who in (ANONYMOUS, REMOVED) and mark.kind == "signed_in":
            assert status == 303, said
        elif "/staff" in rule.rule:
            assert status in (200, 303, 404), said
    elif who in (ANONYMOUS, REMOVED):
        assert status == 303, said
        assert "/staff/sign-in" in answer.location, said
    elif (
        not may(who, mark)
        or "slug" in rule.arguments
        and where in ("other", "missing consultation")
    ):
        assert status == 404, said
    elif where in ("missing id", "id of another") and {"name", "uid"} & rule.arguments:
        assert status in (404, 200, 303), said
        if status == 200 and "uid" not in rule.arguments:
            assert "/report-back/" in rule.rule, said
    elif "slug" in rule.arguments and "{name}" not in rule.rule:
        assert status in (200, 303, 404, 409), said


def test_unknown_and_forbidden_are_one_and_the_same_page(world):
    """A stranger cannot tell a consultation of others from one that never was."""
    for who in (STRANGER, PENDING, "observer", ADMINISTRATOR):
        browser = world.browsers[who]
        pages = {}
        for slug in ("other-talks", "no-such-talks"):
            for page in ("", "submissions", f"submissions/{world.ids['other']['submission']}"):
                answer = browser.get(f"/en/staff/{slug}/{page}")
                assert answer.status == 404, (who, slug, page)
                pages.setdefault(page, set()).add(NOT_ALIKE.sub("", answer.html))
        assert all(len(same) == 1 for same in pages.values()), who


PRESSED = {
    "/submissions/{submission}/quote/story": Permission.QUOTE,
    "/quotes/{quote}/translations": Permission.QUOTE,
    "/quotes/{quote}/clear": Permission.CLEAR,
    "/quotes/{quote}/drop": Permission.QUOTE,
    "/people/{uid}/grant": Permission.GRANT,
    "/people/add": Permission.INVITE,
    "/opening/days": Permission.EDIT,
    "/opening/close": Permission.EDIT,
    "/opening/approve": Permission.APPROVE,
    "/drill": Permission.EDIT,
    "/briefing/begin": Permission.WRITE,
    "/briefing/text": Permission.WRITE,
    "/briefing/publish": Permission.PUBLISH,
    "/report-back/en": Permission.PUBLISH,
    "/report-back/publish": Permission.PUBLISH,
}


def token_of(browser: Client) -> str:
    page = browser.get("/en/staff/account")
    return page.field("csrf_token").attributes["value"] or ""


def test_a_press_with_a_right_token_is_refused_all_the_same_without_the_right(world):
    """And in a consultation of others it is refused to everybody."""
    for path, wanted in PRESSED.items():
        pressed_by_everybody(world, path, wanted)


def pressed_by_everybody(world: World, path: str, wanted: Permission) -> None:
    allowed = {role.value for role, permissions in PERMISSIONS.items() if wanted in permissions}
    for who, browser in world.browsers.items():
        if who in (ANONYMOUS, REMOVED):
            continue
        fields = {"csrf_token": token_of(browser)}
        own = path.format(**world.ids["own"])
        other = path.format(**world.ids["other"])
        missing = path.format(**world.ids["missing"])
        assert browser.post(f"/en/staff/other-talks{other}", fields).status == 404, (who, path)
        assert browser.post(f"/en/staff/no-such-talks{own}", fields).status == 404, (who, path)
        if "{" in path:
            gone = browser.post(f"/en/staff/own-talks{missing}", fields).status
            if "{uid}" not in path:
                mixed = browser.post(f"/en/staff/own-talks{other}", fields).status
                assert mixed == 404, (who, path)
            assert gone == 404, (who, path)
        if who not in allowed:
            assert browser.post(f"/en/staff/own-talks{own}", fields).status == 404, (who, path)


def test_a_press_of_somebody_removed_leads_to_the_sign_in_page_and_does_nothing(world):
    browser = world.browsers[REMOVED]
    page = browser.get("/en/staff/sign-in")
    fields = {"csrf_token": page.field("csrf_token").attributes["value"] or ""}
    answer = browser.post("/en/staff/own-talks/opening/close", fields)
    assert answer.status in (303, 400, 409)
    world.room.house.look()
    assert world.room.consultation.state.value == "open"


def test_a_role_change_acts_on_the_next_request(world):
    room, browser = world.room, world.browsers["analyst"]
    assert browser.get("/en/staff/own-talks/submissions").status == 200
    room.house.look()
    person = next(m for m in members.every(room.session, room.consultation) if m.role == "analyst")
    held = room.session.get_one(type(room.house.editor), person.person_id)
    members.grant(
        room.session, room.house.secrets, room.consultation, None, held, Role.OBSERVER,
        granted_by=None, at=NOW,
    )  # fmt: skip
    room.session.commit()
    assert browser.get("/en/staff/own-talks/submissions").status == 404


def test_every_route_bears_one_mark_and_every_reading_one_unlocks(app):
    found = marks.of(app)
    kinds = Counter(mark.kind for mark in found.values())
    assert set(kinds) == {"public", "signed_in", "administrator", "needs", "unlocks"}
    reading = (Permission.READ, Permission.COUNT, Permission.QUOTE, Permission.WRITE)
    for endpoint, mark in found.items():
        if mark.kind == "needs":
            assert Permission(mark.asks) not in reading, endpoint
    staff = {rule.endpoint for rule in app.url_map.iter_rules() if "/staff" in rule.rule}
    public = {name for name, mark in found.items() if mark.kind == "public"}
    assert public & staff == {"people.show_sign_in", "people.sign_out", "people.set_passphrase"}


def test_the_table_of_actions_is_the_one_that_was_written_down(database_url):
    """SAFETY 2.8, row by row: nobody else may."""
    who = {
        permission: {role.value for role, held in PERMISSIONS.items() if permission in held}
        for permission in Permission
    }
    editor, both = {"editor"}, {"editor", "analyst"}
    for permission in ("read", "count", "code", "quote", "write", "export", "ask_to_publish"):
        assert who[Permission(permission)] == both, permission
    for permission in ("clear", "approve", "publish", "edit", "invite", "grant", "audit"):
        assert who[Permission(permission)] == editor, permission
    assert who[Permission.TRANSLATE] == {"editor", "translator"}
    assert who[Permission.TRANSLATE_ANSWERS] == {"answer_translator"}
    assert who[Permission.SEND] == {"facilitator"}
    assert who[Permission.SEE] == {role.value for role in Role}
