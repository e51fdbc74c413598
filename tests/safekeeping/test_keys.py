"""A consultation's keys: who is given them, who opens them, and what a swap is answered with."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from consult.errors import Busy, NotNow
from consult.people.models import Person, Standing
from consult.safekeeping import envelope, keys
from consult.safekeeping.envelope import Compartment, PartPlace, Share
from consult.safekeeping.keys import KeySwapped, Locked, NeverForAdministrators, NoKeyOfHerOwn
from consult.safekeeping.models import ConsultationKey, KeyUse, KeyWrap, RecoveryKey, WrapKind
from consult.safekeeping.secrets import Secrets


def key_row(session, born, use: KeyUse) -> ConsultationKey:
    return session.scalars(
        select(ConsultationKey)
        .where(ConsultationKey.consultation_id == born.row.id)
        .where(ConsultationKey.compartment == use)
    ).one()


def wraps_of(session, person) -> list[KeyWrap]:
    return list(session.scalars(select(KeyWrap).where(KeyWrap.person_id == person.row.id)))


def test_what_is_sealed_to_the_public_key_is_opened_by_the_editor(session, held, born):
    made = born()
    public = keys.public_key(session, held, **made.names, compartment=KeyUse.CONTENT)
    place = PartPlace(made.row.uid, public.epoch, bytes(16), Compartment.CONTENT)
    blob = envelope.seal_part({"a": 1}, place, key_id=public.id, public_key=public.key)
    unlocked = made.unlocked(session, held, made.editor)
    assert envelope.open_part(blob, place, unlocked.content) == {"a": 1}


def test_a_consultation_is_born_wrapped_for_the_paper_keys_and_its_editor(session, held, born):
    made = born()
    holders = session.execute(
        select(ConsultationKey.compartment, KeyWrap.recovery_number, KeyWrap.person_id).join(
            KeyWrap, KeyWrap.key_id == ConsultationKey.id
        )
    )
    hers = made.editor.row.id
    assert {tuple(row) for row in holders} == {
        *((use, number, None) for use in KeyUse for number in (1, 2)),
        (KeyUse.CONTENT, None, hers),
        (KeyUse.WORKING, None, hers),
    }


def test_nothing_is_born_without_paper_keys(session, held, somebody):
    editor = somebody(Standing.EDITOR)
    with pytest.raises(NotNow, match="flask init"):
        keys.birth(session, held, consultation_id=1, consultation_uid=bytes(16), holder=editor.row)


def test_who_has_no_wrap_is_locked_out(session, held, born, somebody):
    with pytest.raises(Locked):
        born().unlocked(session, held, somebody())


def test_a_grant_opens_the_same_keys_and_a_removal_closes_them(session, held, born, somebody):
    made, analyst = born(), somebody()
    unlocked = made.unlocked(session, held, made.editor)
    keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=made.editor.row.id)
    assert made.unlocked(session, held, analyst) == unlocked
    assert {wrap.granted_by for wrap in wraps_of(session, analyst)} == {made.editor.row.id}
    keys.remove_wraps(session, person_id=analyst.row.id, consultation_id=made.row.id)
    assert not keys.holds(session, person_id=analyst.row.id, consultation_id=made.row.id)
    with pytest.raises(Locked):
        made.unlocked(session, held, analyst)


def test_granting_again_after_a_new_pair_replaces_the_old_wraps(session, held, born, somebody):
    made, analyst = born(), somebody()
    unlocked = made.unlocked(session, held, made.editor)
    keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=None)
    analyst.pair = envelope.new_pair()
    analyst.row.public_key = analyst.pair.public
    analyst.row.mac = keys.person_mac(held, analyst.row.uid, analyst.pair.public)
    keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=None)
    assert made.unlocked(session, held, analyst) == unlocked
    assert len(wraps_of(session, analyst)) == 2


def test_removal_from_one_consultation_leaves_the_others(session, held, born, somebody):
    first, second, analyst = born(), born(), somebody()
    for made in (first, second):
        unlocked = made.unlocked(session, held, made.editor)
        keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=None)
    keys.remove_wraps(session, person_id=analyst.row.id, consultation_id=first.row.id)
    assert keys.holds(session, person_id=analyst.row.id, consultation_id=second.row.id)
    keys.remove_wraps(session, person_id=analyst.row.id, consultation_id=None)
    assert wraps_of(session, analyst) == []


def test_no_key_is_wrapped_for_an_administrator_by_grant_or_birth(session, held, born, somebody):
    made, administrator = born(), somebody(Standing.ADMINISTRATOR)
    unlocked = made.unlocked(session, held, made.editor)
    with pytest.raises(NeverForAdministrators):
        keys.wrap_for(session, held, unlocked, person=administrator.row, granted_by=None)
    with pytest.raises(NeverForAdministrators):
        keys.birth(session, held, **born().names, holder=administrator.row)
    assert wraps_of(session, administrator) == []


def test_the_database_itself_refuses_a_wrap_for_an_administrator(session, born, somebody):
    made, administrator = born(), somebody(Standing.ADMINISTRATOR)
    wrap = wraps_of(session, made.editor)[0]
    with pytest.raises(DatabaseError, match="administrator"), session.begin_nested():
        session.add(
            KeyWrap(
                id=bytes(16),
                key_id=wrap.key_id,
                person_id=administrator.row.id,
                kind=WrapKind.WHOLE,
                blob=b"",
            )
        )
    moved = update(KeyWrap).where(KeyWrap.id == wrap.id)
    with pytest.raises(DatabaseError, match="administrator"), session.begin_nested():
        session.execute(moved.values(person_id=administrator.row.id))


def test_the_database_itself_refuses_to_make_a_holder_an_administrator(session, born):
    made = born()
    raised = update(Person).where(Person.id == made.editor.row.id)
    with pytest.raises(DatabaseError, match="administrator"), session.begin_nested():
        session.execute(raised.values(standing=Standing.ADMINISTRATOR))


def test_nothing_is_wrapped_before_a_person_has_a_key_of_her_own(session, held, born, somebody):
    made, invited = born(), somebody()
    invited.row.public_key = invited.row.mac = None
    with pytest.raises(NoKeyOfHerOwn):
        keys.wrap_for(
            session,
            held,
            made.unlocked(session, held, made.editor),
            person=invited.row,
            granted_by=None,
        )


def test_a_persons_swapped_public_key_stops_the_grant(session, held, born, somebody):
    made, analyst = born(), somebody()
    analyst.row.public_key = envelope.new_pair().public
    unlocked = made.unlocked(session, held, made.editor)
    with pytest.raises(KeySwapped):
        keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=None)
    assert wraps_of(session, analyst) == []


@pytest.mark.parametrize("use", [KeyUse.CONTENT, KeyUse.CONTACT])
def test_a_consultations_swapped_public_key_is_noticed_before_sealing(session, held, born, use):
    made = born()
    key_row(session, made, use).public_key = envelope.new_pair().public
    with pytest.raises(KeySwapped) as refused:
        keys.public_key(session, held, **made.names, compartment=use)
    assert isinstance(refused.value, Busy)


def test_another_consultations_key_in_its_place_is_noticed(session, held, born):
    made, other = born(), born()
    row, foreign = (key_row(session, one, KeyUse.CONTENT) for one in (made, other))
    row.public_key, row.mac = foreign.public_key, foreign.mac
    with pytest.raises(KeySwapped):
        keys.public_key(session, held, **made.names, compartment=KeyUse.CONTENT)


def test_a_missing_key_is_a_swapped_key(session, held, born):
    with pytest.raises(KeySwapped):
        keys.public_key(
            session,
            held,
            consultation_id=999,
            consultation_uid=bytes(16),
            compartment=KeyUse.CONTENT,
        )


def test_a_public_half_that_is_not_the_private_ones_is_noticed_at_unlock(session, held, born):
    made = born()
    row = key_row(session, made, KeyUse.CONTENT)
    row.public_key = envelope.new_pair().public
    row.mac = keys._key_mac(held, row, made.row.uid, row.public_key)
    with pytest.raises(KeySwapped):
        made.unlocked(session, held, made.editor)


def test_a_working_key_put_into_the_database_is_noticed(session, held, born):
    made = born()
    row = key_row(session, made, KeyUse.WORKING)
    theirs = envelope.seal_wrap(Share.WHOLE, row.id, b"x" * 32, made.editor.pair.public)
    wrap = next(wrap for wrap in wraps_of(session, made.editor) if wrap.key_id == row.id)
    wrap.blob = theirs
    with pytest.raises(KeySwapped):
        made.unlocked(session, held, made.editor)


@pytest.mark.parametrize("damage", ["bit", "short", "of another key", "a share"])
def test_a_damaged_wrap_is_told_apart_from_none(session, held, born, somebody, damage):
    made, analyst = born(), somebody()
    unlocked = made.unlocked(session, held, made.editor)
    keys.wrap_for(session, held, unlocked, person=analyst.row, granted_by=None)
    first, second = wraps_of(session, analyst)
    first.blob = {
        "bit": first.blob[:40] + bytes([first.blob[40] ^ 1]) + first.blob[41:],
        "short": first.blob[:-1],
        "of another key": second.blob,
        "a share": envelope.seal_wrap(Share.A, first.key_id, unlocked.working, analyst.pair.public),
    }[damage]
    with pytest.raises(keys.WrapDamaged) as refused:
        made.unlocked(session, held, analyst)
    assert isinstance(refused.value, envelope.Tampered)
    assert made.unlocked(session, held, made.editor) == unlocked


def test_another_installation_secret_knows_none_of_the_keys(session, held, born):
    made, other = born(), Secrets(bytes(32))
    with pytest.raises(KeySwapped):
        keys.recovery_keys(session, other)
    with pytest.raises(KeySwapped):
        made.unlocked(session, other, made.editor)


def test_a_swapped_paper_key_stops_the_birth_of_a_consultation(session, held, born):
    made = born()
    session.execute(update(RecoveryKey).values(box_public=envelope.new_pair().public))
    session.expire_all()
    with pytest.raises(KeySwapped):
        keys.birth(session, held, **made.names, holder=None)


def test_every_epoch_opens_and_the_newest_seals(session, held, born):
    made = born()
    before = made.unlocked(session, held, made.editor)
    for use in (KeyUse.CONTENT, KeyUse.WORKING):
        pair = envelope.new_pair()
        row = ConsultationKey(
            id=pair.id,
            consultation_id=made.row.id,
            compartment=use,
            epoch=2,
            public_key=pair.public if use is KeyUse.CONTENT else None,
        )
        row.mac = keys._key_mac(held, row, made.row.uid, keys._mac_content(row, pair.private))
        session.add(row)
        session.flush()
        session.add(
            keys._wrap_for_person(held, pair.id, pair.private, made.editor.row, granted_by=None)
        )
    session.flush()
    after = made.unlocked(session, held, made.editor)
    public = keys.public_key(session, held, **made.names, compartment=KeyUse.CONTENT)
    assert public.epoch == 2
    assert set(after.content) == {*before.content, public.id}
    assert after.working_id not in before.working_keys
    assert before.working_id in after.working_keys


def test_a_wrap_has_one_holder_and_a_person_one_wrap_of_a_key(session, held, born):
    made = born()
    wrap = wraps_of(session, made.editor)[0]
    for holder in ({"person_id": None}, {"recovery_number": 1}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(KeyWrap).where(KeyWrap.id == wrap.id).values(**holder))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            KeyWrap(
                id=bytes(16),
                key_id=wrap.key_id,
                person_id=wrap.person_id,
                kind=WrapKind.WHOLE,
                blob=b"",
            )
        )


def test_no_key_of_a_consultation_is_stored_in_clear(session, held, born):
    made = born()
    unlocked = made.unlocked(session, held, made.editor)
    private = [pair.private for pair in unlocked.content.values()] + [unlocked.working]
    stored = b"".join(
        bytes(value)
        for table in (ConsultationKey, KeyWrap)
        for row in session.execute(select(*table.__table__.columns))
        for value in row
        if isinstance(value, bytes)
    )
    assert session.scalar(select(func.count()).select_from(KeyWrap)) == 8
    assert not any(key in stored for key in private)
    assert not any(key.hex() in repr(unlocked) for key in private)
