import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consult.languages.locales import LANGUAGES
from consult.translating import catalogues

PAGE = "consult/reading/templates/reading/page.html"
FR = LANGUAGES["fr"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small program with one module and one template."""
    (tmp_path / PAGE).parent.mkdir(parents=True)
    shutil.copy(catalogues.ROOT / "babel.cfg", tmp_path)
    (tmp_path / "consult/reading/forms.py").write_text(
        '# Translators: status of a text\nDONE = _l("Reviewed")\n'
        'def page(n):\n    return _n("%(count)s answer", "%(count)s answers", n)\n'
    )
    (tmp_path / PAGE).write_text('{{ _p("safety", "Leave now") }}')
    catalogues.update(tmp_path)
    return tmp_path


def translate(tree: Path, language_id: str, **texts) -> None:
    """Write translations into a catalogue, by their English."""
    language = LANGUAGES[language_id]
    catalogue = catalogues.read(tree, language)
    for message in catalogue:
        source = message.id if isinstance(message.id, str) else message.id[0]
        if source in texts:
            message.string = texts[source]
            message.user_comments = [catalogues.UNREVIEWED]
    catalogues._write(catalogues.path_of(tree, language), catalogue)


WHOLE = {
    "fr": ("Relu", ("%(count)s réponse", "%(count)s réponses"), "Partez"),
    "fa_AF": ("بازبینی‌شده", ("%(count)s جواب", "%(count)s جواب"), "خارج شوید"),
    "ps": ("بیاکتل شوی", ("%(count)s ځواب", "%(count)s ځوابونه"), "ووځئ"),
}
SOURCES = ("Reviewed", "%(count)s answer", "Leave now")


@pytest.fixture
def whole(tree: Path) -> Path:
    """The same, translated in full."""
    for language_id, texts in WHOLE.items():
        translate(tree, language_id, **dict(zip(SOURCES, texts, strict=True)))
    return tree


def text_of(tree: Path, language_id: str) -> str:
    return catalogues.path_of(tree, LANGUAGES[language_id]).read_text("utf-8")


def edit(tree: Path, language_id: str, old: str, new: str) -> None:
    text = text_of(tree, language_id)
    assert old in text
    catalogues.path_of(tree, LANGUAGES[language_id]).write_text(text.replace(old, new), "utf-8")


def test_messages_come_from_code_and_templates_with_place_and_remark(tree):
    pot = (tree / catalogues.TEMPLATE).read_text("utf-8")
    assert 'msgctxt "safety"\nmsgid "Leave now"' in pot
    assert f"#: {PAGE}\n" in pot
    assert "#. Translators: status of a text" in pot
    assert 'msgid_plural "%(count)s answers"' in pot


@pytest.mark.parametrize("broken", ["{% if %}", "{{ _('a' }}", "{% trans %}x"])
def test_a_broken_template_fails_extraction_and_says_where(tree, broken):
    (tree / PAGE).write_text(broken)
    before = (tree / catalogues.TEMPLATE).read_bytes()
    with pytest.raises(catalogues.Unreadable, match="1: "):
        catalogues.extract(tree)
    assert (tree / catalogues.TEMPLATE).read_bytes() == before


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_each_header_holds_the_plural_rule_of_the_table(tree, language):
    assert f'"Plural-Forms: {language.plural_header}\\n"' in text_of(tree, language.id)


def test_english_is_whole_by_itself(tree):
    standing = {s.language.id: s for s in catalogues.standings(tree)}
    assert (standing["en"].missing, standing["en"].unreviewed) == (0, 0)
    assert (standing["ps"].missing, standing["ps"].messages) == (3, 3)


def test_what_nobody_has_read_is_counted(whole):
    edit(whole, "fr", "# unreviewed\n#. Translators", "#. Translators")
    standing = {s.language.id: s for s in catalogues.standings(whole)}
    assert [(standing[k].missing, standing[k].unreviewed) for k in ("fr", "ps")] == [(0, 2), (0, 3)]


def test_update_is_settled_after_one_run_and_keeps_translations_and_remarks(whole):
    before = {k: text_of(whole, k) for k in LANGUAGES}
    catalogues.update(whole)
    assert {k: text_of(whole, k) for k in LANGUAGES} == before
    assert "# unreviewed" in before["ps"]


def test_a_new_message_is_never_matched_by_likeness(whole):
    (whole / PAGE).write_text('{{ _p("safety", "Leave now!") }}')
    catalogues.update(whole)
    text = text_of(whole, "fr")
    assert 'msgid "Leave now!"\nmsgstr ""' in text
    assert "fuzzy" not in text
    assert '#~ msgstr "Partez"' in text


def test_a_whole_set_has_no_faults(whole):
    assert catalogues.faults(whole) == []


def faults_after(tree, *change) -> str:
    edit(tree, *change)
    return "\n".join(catalogues.faults(tree))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("fr", 'msgstr "Relu"', 'msgstr ""'), "1 texts are missing; the first is 'Reviewed'"),
        (("fr", "%(count)s réponses", "%(n)s réponses"), "placeholders differ"),
        (("ps", "ووځئ", "<b>ووځئ</b>"), "a tag"),
        (("fa_AF", "خارج شوید", "خارج شويد"), "keyboard"),
        (("fr", "Partez", "Partez !"), "keyboard"),
        (("fa_AF", "خارج شوید", "خارج ٥ شوید"), "Arabic-Indic"),
        (("fa_AF", "(n > 1)", "(n != 1)"), "header lacks Plural-Forms"),
        (("fr", 'msgid "Reviewed"', '#, fuzzy\nmsgid "Reviewed"'), "fuzzy"),
        (("fr", 'msgstr "Partez"', 'msgstr "Partez'), "a line is cut"),
        (("en", 'msgstr "Reviewed"', 'msgstr "Re-viewed"'), "differs from the code"),
        (("fr", 'msgid "Reviewed"', 'msgid "Review"'), "behind messages.pot"),
    ],
)
def test_a_fault_of_a_catalogue_is_found(whole, change, said):
    assert said in faults_after(whole, *change)


def test_a_catalogue_behind_the_code_is_found(whole):
    (whole / PAGE).write_text('{{ _("New") }}')
    assert any("behind the code" in fault for fault in catalogues.faults(whole))


def test_an_absent_catalogue_is_found(whole):
    catalogues.path_of(whole, FR).unlink()
    assert any("no such file" in fault for fault in catalogues.faults(whole))


def test_a_fault_of_the_code_is_found(whole):
    (whole / PAGE).write_text('{{ _p("safety", "Leave now")|safe }}')
    assert any(f"{PAGE}:1: |safe" in fault for fault in catalogues.faults(whole))


def test_every_message_of_wtforms_has_a_translation_to_be(tmp_path):
    import wtforms

    pot = tmp_path / "wtforms.pot"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "--no-default-keywords"]
        + [
            "-k",
            "gettext",
            "-k",
            "ngettext:1,2",
            "-o",
            str(pot),
            str(Path(wtforms.__file__).parent),
        ],
        check=True,
    )
    theirs = {m.id for m in catalogues._parsed(pot, catalogues.Template()) if m.id}
    ours = {m.id for m in catalogues.read_template(catalogues.ROOT) if m.id}
    assert len(theirs) == 39
    assert theirs <= ours
