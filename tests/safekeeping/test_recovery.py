"""Paper keys: made once, opening everything, proven by a drill."""

import pytest
from sqlalchemy import delete, select

from consult.safekeeping import keys, recovery, words
from consult.safekeeping.keys import KeySwapped, Locked, WrapDamaged
from consult.safekeeping.models import ConsultationKey, KeyUse, KeyWrap, RecoveryKey
from consult.safekeeping.words import NotAPaperKey


def test_two_papers_of_24_words_are_made_and_never_again(session, held):
    papers = recovery.init(session, held)
    assert [len(paper.split()) for paper in papers] == [24, 24]
    assert papers[0] != papers[1]
    with pytest.raises(recovery.RecoveryExists):
        recovery.init(session, held)


def test_the_server_keeps_nothing_that_opens(session, held):
    papers = recovery.init(session, held)
    rows = session.scalars(select(RecoveryKey).order_by(RecoveryKey.number)).all()
    for row, paper in zip(rows, papers, strict=True):
        root = words.from_words(paper)
        made = recovery.from_root(root)
        secret = {root, made.box_private, made.age_private}
        assert secret.isdisjoint({row.box_public, row.age_public, row.mac})


@pytest.mark.parametrize("number", [1, 2])
def test_a_drill_with_either_paper_gives_its_number(session, held, born, number):
    made = born()
    typed = made.papers[number - 1].upper().replace(" ", "\n")
    assert recovery.drill(session, held, **made.names, typed=typed) == number


def test_a_drill_fails_when_a_single_wrap_is_missing(session, held, born):
    made = born()
    contact = select(ConsultationKey.id).where(ConsultationKey.compartment == KeyUse.CONTACT)
    session.execute(
        delete(KeyWrap).where(KeyWrap.key_id.in_(contact)).where(KeyWrap.recovery_number == 2)
    )
    with pytest.raises(Locked):
        recovery.drill(session, held, **made.names, typed=made.papers[1])
    assert recovery.drill(session, held, **made.names, typed=made.papers[0]) == 1


def test_a_drill_fails_on_a_damaged_wrap_of_the_contact_key(session, held, born):
    made = born()
    contact = select(ConsultationKey.id).where(ConsultationKey.compartment == KeyUse.CONTACT)
    of_it = select(KeyWrap).where(KeyWrap.key_id.in_(contact), KeyWrap.recovery_number == 1)
    session.scalars(of_it).one().blob = bytes(98)
    with pytest.raises(WrapDamaged):
        recovery.drill(session, held, **made.names, typed=made.papers[0])


def test_a_drill_notices_a_swapped_contact_key(session, held, born):
    made = born()
    contact = select(ConsultationKey).where(ConsultationKey.compartment == KeyUse.CONTACT)
    session.scalars(contact).one().public_key = bytes(range(32))
    with pytest.raises(KeySwapped):
        recovery.drill(session, held, **made.names, typed=made.papers[0])


def test_another_installations_paper_is_refused(session, held, born):
    made = born()
    foreign = " ".join(words.to_words(bytes(range(32))))
    with pytest.raises(NotAPaperKey, match="not one of this installation"):
        recovery.drill(session, held, **made.names, typed=foreign)


def test_a_paper_opens_what_the_editor_opens_and_can_grant_it(session, held, born, somebody):
    made, analyst = born(), somebody()
    opened = recovery.open_with_paper(session, held, **made.names, typed=made.papers[1])
    assert opened == made.unlocked(session, held, made.editor)
    keys.wrap_for(session, held, opened, person=analyst.row, granted_by=None)
    assert made.unlocked(session, held, analyst) == opened


def test_a_paper_key_is_never_printed(session, held):
    root = words.from_words(recovery.init(session, held)[0])
    paper = recovery.from_root(root)
    assert paper.box_private.hex() not in repr(paper)
    assert repr(paper.box_private) not in repr(paper)
