"""One file loads and dumps a consultation, both ways without loss; a wrong one changes nothing."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from consult.authoring import exchange, yaml_text
from consult.authoring.exchange import Change, Finished, NotTheEditor
from consult.consultations import lifecycle, members, texts, versions
from consult.consultations.models import (
    Consultation,
    QuestionnaireVersion,
    Role,
    TextTranslation,
    TextUnit,
)
from consult.people.models import Standing
from consult.questionnaires.definition import Wrong
from consult.safekeeping import keys
from consult.safekeeping.models import ConsultationKey, KeyWrap
from tests.consultations.factories import NOW, House, a_document, a_file, words

DEMONSTRATION = Path(exchange.__file__).parents[1] / "demo" / "inclusive_peace.yaml"
LOW = {"risk_level": "low", "risk_reason": "Nobody is named.", "places": ["KE"]}


def problems(house: House, content: bytes) -> set[tuple[str, str]]:
    """What is told of a wrong file, after seeing that nothing of it was kept."""
    before = house.session.scalar(select(func.count()).select_from(TextUnit))
    with pytest.raises(Wrong) as caught:
        house.load(content)
    house.session.rollback()
    assert house.session.scalar(select(func.count()).select_from(TextUnit)) == before
    return {(problem.place, problem.reason) for problem in caught.value.problems}


def titled(document: dict[str, Any], **changed: str) -> dict[str, Any]:
    return {**document, "texts": {**document["texts"], "title": words(**changed)}}


@pytest.mark.parametrize("demonstration", [True, False])
def test_dumping_loading_and_dumping_again_gives_the_same_bytes(house: House, demonstration):
    content = DEMONSTRATION.read_bytes() if demonstration else a_file(opens_on="2026-12-01")
    slug = house.load(content, demonstration=demonstration).consultation.slug
    first = exchange.dump(house.session, slug)
    assert house.load(first.encode()).change is Change.REPLACED
    assert exchange.dump(house.session, slug) == first


def test_a_dump_loads_into_another_installation_and_dumps_the_same(house: House):
    house.load()
    first = exchange.dump(house.session, "river-talks")
    moved = first.replace("river-talks", "other-talks").replace("rivr1", "othr1")
    house.load(moved.encode())
    assert exchange.dump(house.session, "other-talks") == moved


def test_a_dump_holds_all_that_the_file_held(house: House):
    document = a_document(opens_on="2026-12-01", closes_on="2026-12-24", threshold=10)
    house.load(yaml_text.write(document).encode())
    dumped = yaml_text.read(exchange.dump(house.session, "river-talks").encode())
    assert _without_uuids(dumped) == document


def test_a_new_consultation_is_born_with_keys_for_its_editor_and_the_paper_keys(house: House):
    consultation = house.load().consultation
    assert keys.holds(house.session, person_id=house.editor.id, consultation_id=consultation.id)
    member = members.find(house.session, consultation, house.editor.id)
    assert member is not None
    assert member.role is Role.EDITOR
    assert members.is_active(house.session, member)
    assert len(house.session.scalars(select(ConsultationKey)).all()) == 3
    # Three keys for each of two papers; content and working, never contact, for the editor.
    assert len(house.session.scalars(select(KeyWrap)).all()) == 8


def test_a_draft_is_replaced_and_keeps_the_uuids_of_its_questions(house: House):
    before = versions.definition(house.load().version)
    document = a_document()
    questions = document["sections"][0]["questions"]
    questions.reverse()
    questions[0]["title"] = words(en="A story")
    loaded = house.load(yaml_text.write(document).encode())
    after = versions.definition(loaded.version)
    assert (loaded.change, loaded.version.number) == (Change.REPLACED, 1)
    assert [one.key for one in after.questions()] == ["story", "sex"]
    for key in ("sex", "story"):
        assert after.question(key) == before.question(key)


def test_a_question_of_another_type_is_another_question(house: House):
    before = versions.definition(house.load().version).question("story")
    document = a_document()
    document["sections"][0]["questions"][1] = {"key": "story", "type": "note", "title": words()}
    after = versions.definition(house.load(yaml_text.write(document).encode()).version)
    assert before is not None
    assert after.question("story").uuid != before.uuid


def test_what_is_open_gets_a_new_version_and_keeps_the_old_one(house: House):
    consultation = house.opened()
    old = versions.current(house.session, consultation)
    loaded = house.load(yaml_text.write(titled(a_document(), en="Rivers")).encode())
    assert (loaded.change, loaded.version.number) == (Change.WAITS, 2)
    assert old.wording["en"]["c.title"] == "Words"
    assert versions.current(house.session, consultation).id == old.id


def test_the_same_file_again_makes_no_new_version(house: House):
    consultation = house.opened()
    assert house.load().change is Change.UNCHANGED
    count = select(func.count()).select_from(QuestionnaireVersion)
    assert house.session.scalar(count) == 1
    assert versions.waiting(house.session, consultation) is None


def test_at_risk_level_low_a_new_version_is_asked_at_once(house: House):
    consultation = house.load(a_file(**LOW)).consultation
    lifecycle.set_days(house.session, consultation, *[house.act().today] * 2)
    lifecycle.drill(house.session, house.secrets, consultation, house.papers[0], house.act())
    second = house.person("Zarghuna")
    lifecycle.name_second(house.session, house.secrets, consultation, second, house.act())
    lifecycle.open_up(house.session, house.secrets, consultation, house.act())
    loaded = house.load(yaml_text.write(titled(a_document(**LOW), en="Rivers")).encode())
    assert loaded.change is Change.NEW_VERSION
    assert versions.current(house.session, consultation).id == loaded.version.id


def test_a_translation_that_did_not_change_keeps_its_row(house: House):
    house.load()
    count = {row.unit_id: row.version for row in house.session.scalars(select(TextTranslation))}
    house.load()
    rows = house.session.scalars(select(TextTranslation)).all()
    assert {row.unit_id: row.version for row in rows} == count
    assert {row.version for row in rows} == {1}


def test_an_optional_text_falls_back_to_the_source_language_never_to_another(house: House):
    given = {**a_document()["texts"], "safety": {"en": "Take care.", "fr": "Prudence."}}
    loaded = house.load(a_file(texts=given))
    shown = texts.load(house.session, loaded.consultation, loaded.version, "ps").get("c.safety")
    assert (shown.text, shown.language.html, shown.language.dir) == ("Take care.", "en", "ltr")
    assert not texts.load(house.session, loaded.consultation, loaded.version, "ps").get("c.none")


def test_every_problem_of_a_file_is_told_at_once_with_its_place(house: House):
    document = a_document(
        code="words",
        threshold=4,
        time_zone="Asia/Nowhere",
        consent=["quote_anonymous"],
        surprise=1,
    )
    del document["texts"]["purpose"]["ps"]
    document["sections"][0]["questions"][1]["type"] = "essay"
    found = problems(house, yaml_text.write(document).encode())
    assert {place for place, _ in found} == {
        "code",
        "threshold",
        "time_zone",
        "consent",
        "surprise",
        "texts.purpose.ps",
        "section life, question story",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "consult/2"),
        ("slug", "Not A Slug"),
        ("slug", "sign-in"),
        ("slug", "a" * 41),
        ("code", "abcde"),
        ("code", "ABC12"),
        ("languages", ["en", "fr", "de"]),
        ("languages", ["en", "fa_AF", "prs"]),
        ("languages", []),
        ("source_language", "de"),
        ("risk_level", "none"),
        ("risk_level", ["low"]),
        ("listed", "sometimes"),
        ("places", ["Afghanistan"]),
        ("places", []),
        ("threshold", True),
        ("opens_on", "soon"),
        ("opens_on", 20261101),
        ("consent", ["count", "sell"]),
        ("consent", ["quote_anonymous", "count"]),
        ("process", "talks"),
        ("process", {"kind": "party"}),
        ("process", {"kind": "negotiation", "decides_on": "soon"}),
        ("process", {"kind": "negotiation", "motto": "peace"}),
        ("texts", {}),
        ("texts", None),
        ("sections", "none"),
        ("sections", []),
    ],
)
def test_one_wrong_value_is_refused(house: House, key, value):
    assert problems(house, a_file(**{key: value}))


def test_the_last_day_before_the_first_is_refused(house: House):
    content = a_file(opens_on="2026-12-02", closes_on="2026-12-01")
    assert problems(house, content) == {("closes_on", "must not be before opens_on")}


def test_a_missing_language_of_a_choice_is_refused_with_its_place(house: House):
    document = a_document()
    del document["sections"][0]["questions"][0]["choices"][1]["title"]["fa_AF"]
    ((place, reason),) = problems(house, yaml_text.write(document).encode())
    assert "question sex" in place
    assert "woman" not in place
    assert "fa_AF" in reason


@pytest.mark.parametrize(
    "text", ["سایت evil.example", "زنگ ۰۷۰۰۱۲۳", "<b>سخن</b>", "слова", "سخن\u202e"]
)
def test_a_translation_that_adds_an_address_or_markup_is_refused(house: House, text):
    content = yaml_text.write(titled(a_document(), fa_AF=text)).encode()
    assert {place for place, _ in problems(house, content)} == {"c.title in fa_AF"}


def test_a_place_of_the_list_is_never_below_raised_but_in_the_demonstration(house: House):
    content = a_file(**{**LOW, "places": ["KE", "AF"]})
    assert problems(house, content) == {("risk_level", "must be raised or high in AF")}
    assert house.load(content, demonstration=True).change is Change.MADE
    assert house.load(content).change is Change.REPLACED


def test_a_code_of_another_consultation_is_refused(house: House):
    house.load()
    assert problems(house, a_file(slug="other")) == {("code", "is another consultation's")}


@pytest.mark.parametrize(
    ("key", "value"),
    [("code", "rivr2"), ("time_zone", "Africa/Kinshasa"), ("source_language", "fr")],
)
def test_what_respondents_rely_on_stays_while_it_is_open(house: House, key, value):
    house.opened()
    assert {place for place, _ in problems(house, a_file(**{key: value}))} == {key}


def test_neither_risk_level_nor_threshold_goes_down_while_it_is_open(house: House):
    house.opened(risk_level="high", threshold=8)
    found = problems(house, a_file(risk_level="raised", threshold=7))
    assert {place for place, _ in found} == {"risk_level", "threshold"}


def test_what_is_closed_takes_no_file(house: House):
    consultation = house.opened()
    lifecycle.close(house.session, house.secrets, consultation, house.act())
    with pytest.raises(Finished):
        house.load()


@pytest.mark.parametrize("standing", [Standing.MEMBER, Standing.ADMINISTRATOR])
def test_only_an_editor_of_the_installation_makes_a_consultation(house: House, standing):
    with pytest.raises(NotTheEditor):
        house.load(by=house.person("Olga", standing))
    assert house.session.scalars(select(Consultation)).all() == []


def test_another_editor_and_a_pending_one_change_nothing(house: House):
    consultation = house.load().consultation
    other = house.person("Olga", Standing.EDITOR)
    with pytest.raises(NotTheEditor):
        house.load(by=other)
    members.add(house.session, consultation, other, Role.EDITOR)
    with pytest.raises(NotTheEditor):
        house.load(by=other)


def test_the_commands_load_and_dump(house: House, tmp_path: Path):
    file, out = tmp_path / "in.yaml", tmp_path / "out.yaml"
    file.write_bytes(a_file())
    said = house.command("consultations", "load", str(file), "--as", "Farida")
    assert "river-talks: made, version 1" in said
    house.command("consultations", "dump", "river-talks", "--out", str(out))
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text() == exchange.dump(house.session, "river-talks")


def test_a_wrong_file_is_refused_line_by_line_and_nothing_is_loaded(house: House, tmp_path: Path):
    file = tmp_path / "in.yaml"
    file.write_bytes(a_file(code="words", threshold=1))
    said = house.command("consultations", "load", str(file), "--as", "Farida", code=1)
    assert "code: must be five" in said
    assert "threshold: must be" in said
    assert "nothing was loaded" in said
    assert house.session.scalars(select(Consultation)).all() == []


@pytest.mark.parametrize("content", [None, b"\xff", b"a: 1\na: 2\n", b"- 1\n"])
def test_what_is_no_file_of_a_consultation_is_one_line(house: House, tmp_path: Path, content):
    file = tmp_path / "in.yaml"
    if content is not None:
        file.write_bytes(content)
    said = house.command("consultations", "load", str(file), "--as", "Farida", code=1)
    assert said.count("\n") == 1
    assert said.startswith("Error: ")


def _without_uuids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_uuids(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_uuids(item) for key, item in value.items() if key != "uuid"}
    return value


def test_loading_is_noted_with_the_editor_as_author(house: House):
    house.load()
    row = house.session.scalars(select(TextTranslation)).first()
    assert row is not None
    assert (row.author_id, row.updated_at) == (house.editor.id, NOW)
