"""Six doors, each the only one: read out of the program's own syntax (ARCHITECTURE rule 9)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from consult.spreadsheets import MEMORY_FILES

ROOT = Path("consult")


@cache
def trees() -> dict[str, ast.Module]:
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


def calls(name: str) -> set[str]:
    """Which modules call something by this name, with or without a module before it."""
    return {file for file, tree in trees().items() if name in set(_called(tree))}


def names(name: str) -> set[str]:
    """Which modules so much as name it."""
    return {
        file
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        or (isinstance(node, ast.ImportFrom) and any(one.name == name for one in node.names))
    }


def imports(*wanted: str) -> set[str]:
    """Which modules import one of these packages."""
    return {file for file, tree in trees().items() for one in _imported(tree) if one in wanted}


def _called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.split(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


# Clear text


def test_answers_become_readable_in_one_module():
    assert calls("open_part") == {"submissions/opening.py"}
    assert imports("nacl") == {"safekeeping/argon.py", "safekeeping/envelope.py"}


def test_only_the_mark_and_the_demonstrations_loader_hand_out_an_unlocked_consultation():
    assert calls("Unlocked") == {"consultations/access.py", "demo/load.py"}
    assert calls("unlock_with_paper") == {"safekeeping/recovery.py"}


def test_what_opens_answers_takes_an_unlocked_consultation():
    for node in trees()["submissions/opening.py"].body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            taken = [argument.arg for argument in node.args.args]
            assert taken[:2] == ["session", "unlocked"], node.name


# What comes in


def test_what_comes_in_is_written_in_one_module():
    for made in ("Submission", "SealedPart", "seal_part"):
        assert calls(made) == {"submissions/inbox.py"}, made


def test_every_way_in_ends_at_the_same_call():
    assert calls("receive") == {"answering/public.py", "demo/load.py"}
    assert calls("store") == {"submissions/inbox.py", "submissions/imports.py", "demo/load.py"}


def test_no_room_writes_to_the_tables_of_submissions_by_hand():
    tables = {"submission", "sealed_part", "published_quote"}
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said = node.value.lower().split()
                for verb in ("insert into", "update", "replace into"):
                    assert not any(" ".join(said).startswith(f"{verb} {t}") for t in tables), file


# Numbers


def test_numbers_that_may_be_shown_are_made_in_one_module():
    assert calls("Figure") == {"figures/release.py"}


def test_who_looks_at_opened_columns_is_a_list_that_somebody_has_read():
    """Beside the room of figures only what has a rule of its own: the desk's first glance."""
    looks = {
        file
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (
            node.module == "consult.figures.columns"
            or (node.module == "consult.figures" and "columns" in {n.name for n in node.names})
        )
    }
    assert {file for file in looks if not file.startswith("figures/")} <= {
        "briefings/document.py",
        "briefings/heard.py",
        "briefings/numbers.py",
        "desk/overview.py",
    }


# Quoted words


def test_quoted_words_are_opened_in_one_module_and_published_in_one():
    assert names("Quote") & {f for f in trees() if f.startswith(("reading/", "submissions/"))} == {
        "reading/quotes.py"
    }
    assert calls("PublishedQuote") == {"briefings/sign_off.py"}
    assert names("PublishedQuote") == {"briefings/sign_off.py", "briefings/published.py"}


# Interface text


def test_interface_text_comes_through_one_module():
    elsewhere = imports("gettext") | {
        file
        for name in ("lazy_gettext", "ngettext", "pgettext", "npgettext", "lazy_pgettext")
        for file in names(name)
    }
    assert {file for file in elsewhere if not file.startswith("languages/")} == set()
    inner = {"languages/locales.py", "languages/messages.py", "languages/catalogue.py"}
    force_locale_only = {"frame/refusals.py", "briefings/document.py", "demo/written.py"}
    assert imports("flask_babel") <= inner | force_locale_only
    for file in imports("flask_babel") - inner:
        used = {
            node.attr
            for node in ast.walk(trees()[file])
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "flask_babel"
        }
        assert used == {"force_locale"}, file


def test_no_template_trusts_a_text_as_markup():
    for path in sorted(ROOT.rglob("templates/**/*")):
        if path.is_file():
            text = path.read_text("utf-8").replace(" ", "")
            for way in ("|safe", "{%trans", "{%autoescapefalse", "Markup("):
                assert way not in text, f"{path}: {way}"


# Spreadsheets and documents


def test_spreadsheet_cells_are_written_in_one_module():
    assert imports("xlsxwriter", "openpyxl") == {"spreadsheets.py"}
    # The two others read a table that ships with the program.
    for file in imports("csv") - {"spreadsheets.py"}:
        assert not {"writer", "DictWriter"} & set(_called(trees()[file])), file


def test_documents_are_made_in_the_renderers_alone():
    assert imports("docx") == {"briefings/word_parts.py"} | (imports("docx") & WORD)
    assert imports("typst") == {"briefings/pdf.py"}


WORD = {"briefings/word.py", "briefings/word_parts.py"}


# What the rules of the house forbid anywhere


@pytest.mark.parametrize("name", ["eval", "exec", "compile", "input", "breakpoint", "print"])
def test_nowhere_is_text_run_or_printed_past_the_terminals_door(name):
    bare = {
        file
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }
    assert bare == set()


def test_the_server_fetches_nothing():
    assert imports("requests", "urllib3", "httpx", "aiohttp", "ftplib", "smtplib") == set()
    for file, tree in trees().items():
        assert not {"urlopen", "urlretrieve", "create_connection"} & set(_called(tree)), file


def test_nothing_opened_is_written_to_a_file_of_the_programs_own():
    """A large workbook is the exception, in a folder that is memory; catalogues hold no answer."""
    assert imports("shelve", "pickle", "marshal", "dbm") == set()
    assert imports("tempfile") == {"spreadsheets.py", "translating/catalogues.py"}
    assert str(MEMORY_FILES) == "/dev/shm"


def test_working_modules_do_not_know_the_request():
    """Pages and commands know HTTP and the terminal; what works does not (rule 2)."""
    edges = ("public.py", "staff.py", "commands.py", "forms.py")
    rooms = {"questionnaires", "submissions", "figures", "reading", "briefings", "safekeeping"}
    for file, tree in trees().items():
        room, _, module = file.partition("/")
        if room in rooms and module not in edges:
            names_ = {
                one.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and node.module == "flask"
                for one in node.names
            }
            assert not names_ & {"request", "g", "session"}, file


def test_no_name_of_a_module_says_nothing():
    empty = ("utils", "helpers", "common", "manager", "base_", "misc")
    assert [file for file in trees() if Path(file).name.startswith(empty)] == []
