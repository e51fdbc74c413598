"""What `flask translations check` says of the program itself."""

import re

import pytest
from click.testing import CliRunner
from jinja2 import Environment

from consult.languages.catalogue import LINE
from consult.languages.locales import LANGUAGES
from consult.translating import catalogues, lints
from consult.translating.commands import translations

ROOT = catalogues.ROOT
TEMPLATES = sorted((ROOT / "consult").glob("*/templates/**/*.html"))


def test_code_and_templates_keep_the_rules_of_messages():
    assert [str(fault) for fault in lints.faults(ROOT)] == []


def test_the_catalogues_may_be_shipped():
    assert catalogues.faults(ROOT) == []


@pytest.mark.parametrize("language_id", LANGUAGES)
def test_every_line_of_a_catalogue_is_whole_and_holds_no_foreign_digit(language_id):
    text = catalogues.path_of(ROOT, LANGUAGES[language_id]).read_text("utf-8")
    assert all(LINE.fullmatch(line) for line in text.split("\n"))
    assert not re.search("[٠-٩]", text)


def test_every_file_that_speaks_is_named_in_the_template():
    pot = (ROOT / catalogues.TEMPLATE).read_text("utf-8")
    speaks = re.compile(r"\b_(?:l|n|p|lp)?\(\s*[\"']")
    silent = [
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "consult").rglob("*.py"), *TEMPLATES]
        if speaks.search(path.read_text("utf-8")) and str(path.relative_to(ROOT)) not in pot
    ]
    assert silent == []


def test_every_template_compiles():
    for path in TEMPLATES:
        Environment(autoescape=True).parse(path.read_text("utf-8"))


def test_no_field_is_of_a_kind_that_loses_a_number_in_other_digits():
    for path in TEMPLATES:
        page = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
        assert not re.search(r"type=[\"']?(?:number|date)\b", page), path


def test_status_counts_every_language():
    done = CliRunner().invoke(translations, ["status"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines()] == list(LANGUAGES)


def test_the_commands_explain_themselves():
    for name in ("status", "extract", "update", "check"):
        assert CliRunner().invoke(translations, [name, "--help"]).exit_code == 0
