"""No setting and no command without its words, no page that reaches into another room."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask import Flask

from config.settings import ROOT, Settings
from tests.promises import raw

COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
OF_FLASK = {"run", "shell", "routes"}
URL_FOR = re.compile(r"url_for\(\s*(.*?)[,)]", re.DOTALL)

pytestmark = raw.on_sqlite


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda field: field.name)
def test_each_setting_stands_in_the_example_with_what_it_is_for(setting, database_url):
    variable, what = setting.metadata["variable"], setting.metadata["what"]
    assert f"# {what}  (file: {setting.name})\n#{variable}=" in EXAMPLE


def test_each_variable_the_program_reads_stands_in_the_example(database_url):
    internal = {"CONSULT_SERVER_HALF"}
    for path in [*ROOT.glob("consult/**/*.py"), *ROOT.glob("config/*.py")]:
        for name in re.findall(r"environ(?:ment)?(?:\.get)?[\[(]\"(\w+)\"", path.read_text()):
            if name not in internal and not name.startswith("HTTP_"):
                assert f"#{name}=" in EXAMPLE, f"{path}: {name}"


def commands(app: Flask) -> Iterator[tuple[str, click.Command]]:
    def below(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                yield from below(each, f"{path} {name}")
        else:
            yield path, command

    for name, command in app.cli.commands.items():
        yield from below(command, f"flask {name}")


def sections() -> dict[str, str]:
    """The text under each heading, by each command that the heading names."""
    found = {}
    for part in COMMANDS.split("\n### ")[1:]:
        heading, _, text = part.partition("\n")
        for command in re.findall(r"`(flask [^`]+)`", heading):
            found[command] = f"{heading}\n{text}"
    return found


def test_each_command_has_help_and_stands_in_the_documentation_with_its_options(app):
    told = sections()
    for path, command in commands(app):
        assert command.help, path
        assert path in told, f"{path} is not in docs/commands.md"
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{path} {parameter.opts}"
                assert parameter.opts[-1] in told[path], f"{path} {parameter.opts}"


def test_the_documentation_names_no_command_that_is_none(app):
    assert set(sections()) == {path for path, _ in commands(app)}


def test_each_command_answers_for_its_help_with_0_and_a_wrong_argument_with_1(app):
    runner = app.test_cli_runner()
    for path, _command in commands(app):
        words = path.split()[1:]
        assert runner.invoke(args=[*words, "--help"]).exit_code == 0, path
        done = runner.invoke(args=[*words, "--no-such-option"])
        assert done.exit_code == 1, path
        assert done.output.startswith("Error: "), path
        assert done.output.count("\n") == 1, path


def test_a_page_links_by_url_for_only_inside_its_own_room(app):
    """Other rooms' paths come from `frame/addresses.py` (ARCHITECTURE rule 13)."""
    endpoints = set(app.view_functions)
    for path in sorted((ROOT / "consult").rglob("templates/**/*.html")):
        room = path.relative_to(ROOT / "consult").parts[0]
        for named in URL_FOR.findall(path.read_text("utf-8")):
            where = f"{path.relative_to(ROOT)}: {named}"
            if re.fullmatch(r"""["'][^"']*["']""", named):
                assert named[1:2] == ".", where
                mine = {f"{room}{named[1:-1]}", f"{room}_public{named[1:-1]}"}
                assert mine & endpoints, where
            else:
                # A name that a loop of the very same page gives: its values stand in the page.
                assert re.search(rf"\b{re.escape(named.strip())}\b", path.read_text()), where


def test_each_page_that_python_names_is_there_and_each_page_is_named(app):
    named = set()
    for path in sorted((ROOT / "consult").rglob("*.py")):
        named |= set(re.findall(r"\"(\w+/[\w/]+\.html)\"", path.read_text("utf-8")))
    there = {
        str(path).split("/templates/", 1)[1]
        for path in (ROOT / "consult").rglob("templates/**/*.html")
    }
    assert named - there == set()


def test_every_document_that_a_document_links_to_is_there(database_url):
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (Path(path).parent / target).exists(), f"{path.name}: {target}"
