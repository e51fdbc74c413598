import logging
import os
from contextlib import suppress

import pytest
from babel.messages.pofile import PoFileError

from consult.languages.catalogue import NotWhole
from consult.languages.messages import _, _n, _p
from tests.languages.conftest import po

ANSWERS = ("%(count)s answer", "%(count)s answers")


def touch(path, text: str) -> None:
    """Write a file so that its time differs, however coarse the clock of the disk is."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def said(app, segment, call):
    with app.test_request_context(f"/{segment}/"):
        return call()


@pytest.mark.parametrize(
    ("segment", "language_id", "zero", "one", "two"),
    [
        ("en", "en", "0 many", "1 few", "2 many"),
        ("fr", "fr", "0 few", "1 few", "2 many"),
        ("fa-af", "fa_AF", "۰ few", "۱ few", "۲ many"),
        ("ps", "ps", "۰ many", "۱ few", "۲ many"),
    ],
)
@pytest.mark.parametrize(
    "header", [None, "nplurals=1; plural=0;", "nplurals=999999999; plural=n%0;", "nplurals=2"]
)
def test_each_language_counts_by_the_table_whatever_the_header_says(
    app, shipped, segment, language_id, zero, one, two, header
):
    shipped(language_id, (None, ANSWERS, ("%(count)s few", "%(count)s many")), header=header)
    assert [said(app, segment, lambda n=n: _n(*ANSWERS, n)) for n in (0, 1, 2)] == [zero, one, two]


def test_a_message_without_translation_is_english_and_isolated(app, shipped):
    shipped("ps", (None, "Yes", "هو"))
    assert said(app, "ps", lambda: _("Yes")) == "هو"
    assert said(app, "ps", lambda: _("No")) == "\u2068No\u2069"
    assert said(app, "ps", lambda: _n(*ANSWERS, 1)) == "\u2068۱ answer\u2069"
    assert said(app, "fr", lambda: _("No")) == "No"


def test_a_context_tells_messages_apart(app, shipped):
    shipped("fr", (None, "Code", "Code"), ("verb", "Code", "Coder"))
    assert said(app, "fr", lambda: (_("Code"), _p("verb", "Code"))) == ("Code", "Coder")
    assert said(app, "fr", lambda: _p("noun", "Code")) == "Code"


def test_an_edit_is_seen_by_every_worker_within_two_seconds(an_app, shipped, rows, watch):
    path = shipped("ps", (None, "Yes", "هو"), (None, "No", "نه"))
    workers = [an_app(), an_app()]
    assert [said(w, "ps", lambda: _("Yes")) for w in workers] == ["هو", "هو"]
    rows.publish("ps", None, "Yes", "بلې")
    touch(path, po("ps", [(None, "Yes", "هو"), (None, "No", "نخیر")]))
    watch.seconds += 2
    assert [said(w, "ps", lambda: (_("Yes"), _("No"))) for w in workers] == [("بلې", "نخیر")] * 2


def test_within_a_second_nothing_is_looked_at(app, shipped, rows, watch):
    shipped("ps", (None, "Yes", "هو"))
    said(app, "ps", lambda: _("Yes"))
    rows.publish("ps", None, "Yes", "بلې")
    watch.seconds += 0.9
    assert said(app, "ps", lambda: _("Yes")) == "هو"


def test_one_page_is_all_old_or_all_new(app, shipped, rows, watch):
    shipped("ps", (None, "Yes", "هو"))

    def page():
        first = _("Yes")
        rows.publish("ps", None, "Yes", "بلې")
        watch.seconds += 5
        return first, _("Yes")

    assert said(app, "ps", page) == ("هو", "هو")
    assert said(app, "ps", lambda: _("Yes")) == "بلې"


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("Yes", "هو %(x)s"),
        ("Yes", "<script>alert(1)</script>"),
        ("Yes", "هو %s"),
        ("Yes", ""),
        (ANSWERS, ("%(count)s ځواب",)),
    ],
)
def test_a_bad_row_is_dropped_and_the_shipped_text_stays(app, shipped, rows, source, row):
    shipped("ps", (None, "Yes", "هو"), (None, ANSWERS, ("%(count)s ځواب", "%(count)s ځوابونه")))
    rows.publish("ps", None, source, row)
    assert said(app, "ps", lambda: (_("Yes"), _n(*ANSWERS, 2))) == ("هو", "۲ ځوابونه")


def test_a_bad_entry_of_the_file_leaves_the_english(app, shipped):
    shipped("ps", (None, "Yes", "<b>هو</b>"), (None, "No", "نه"))
    assert said(app, "ps", lambda: (_("Yes"), _("No"))) == ("\u2068Yes\u2069", "نه")


def test_a_fuzzy_entry_is_not_shown(app, folder, shipped):
    path = shipped("ps", (None, "Agree", "مخالف"))
    path.write_text(path.read_text("utf-8").replace('msgid "Agree"', '#, fuzzy\nmsgid "Agree"'))
    assert said(app, "ps", lambda: _("Agree")) == "\u2068Agree\u2069"


ENTRIES = [
    (None, "Yes", "هو"),
    ("safety", 'Leave "now"', "اوس\\ ووځئ"),
    (None, ANSWERS, ("%(count)s ځواب", "%(count)s ځوابونه")),
    (None, "No", "نه"),
    (None, "Next", "وړاندې"),
    (None, "Back", "شاته"),
]


def test_no_cut_of_a_file_ever_shows_a_wrong_text(catalogue, shipped):
    whole = po("ps", ENTRIES).encode()
    path = shipped("ps", *ENTRIES)
    right = catalogue.build("ps", (0, 0, 0)).forms
    assert len(right) == len(ENTRIES)
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with suppress(ValueError, OSError, PoFileError):
            shown = catalogue.build("ps", (0, 0, 0)).forms
            assert shown.items() <= right.items(), end


@pytest.mark.parametrize("where", ["in a quote", "in an entry", "between entries", "deleted"])
def test_a_broken_file_leaves_the_last_good_texts_and_one_line(app, shipped, watch, caplog, where):
    path = shipped("ps", *ENTRIES)
    assert said(app, "ps", lambda: _("No")) == "نه"
    whole = path.read_text("utf-8")
    cut = {
        "in a quote": whole.rindex("شاته") + 2,
        "in an entry": whole.rindex("msgstr"),
        "between entries": whole.index('msgid "No"'),
    }
    if where == "deleted":
        path.unlink()
    else:
        touch(path, whole[: cut[where]])
    with caplog.at_level(logging.INFO):
        for _again in range(5):
            watch.seconds += 2
            assert said(app, "ps", lambda: (_("No"), _("Back"))) == ("نه", "شاته")
    assert len(caplog.records) == 1
    line = caplog.records[0].getMessage()
    assert "ps" in line
    assert not any(text in line for text in ("نه", "شاته", "Back"))


def test_a_mended_file_is_read_again(app, shipped, watch):
    path = shipped("ps", *ENTRIES)
    said(app, "ps", lambda: _("No"))
    touch(path, "rubbish")
    watch.seconds += 2
    assert said(app, "ps", lambda: _("No")) == "نه"
    touch(path, po("ps", [*ENTRIES, (None, "Add", "ورزیاتول")]))
    watch.seconds += 2
    assert said(app, "ps", lambda: _("Add")) == "ورزیاتول"


def test_without_any_file_the_program_speaks_english_and_says_so_once(app, watch, caplog):
    for _again in range(3):
        watch.seconds += 2
        assert said(app, "fr", lambda: _("Yes")) == "Yes"
    assert len(caplog.records) == 1


def test_a_file_of_other_bytes_is_refused(catalogue, shipped):
    path = shipped("ps", *ENTRIES)
    path.write_bytes(path.read_bytes() + b"\xff\xfe")
    with pytest.raises(ValueError):
        catalogue.build("ps", (0, 0, 0))
    path.write_text(po("ps", ENTRIES) + "\nmsgid Yes\n", "utf-8")
    with pytest.raises(NotWhole):
        catalogue.build("ps", (0, 0, 0))
