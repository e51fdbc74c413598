from pathlib import Path

import pytest

from consult.translating import lints

CODE = Path("consult/reading/forms.py")
PAGE = Path("consult/reading/templates/reading/page.html")


def reasons(source: str, path: Path = CODE) -> list[str]:
    look = lints.python_faults if path.suffix == ".py" else lints.template_faults
    return [fault.reason for fault in look(source, path)]


def in_function(line: str) -> str:
    return f"def page():\n    return {line}\n"


GOOD = [
    '_("Hello %(name)s", name=x)',
    '_n("%(count)s answer", "%(count)s answers", n)',
    '_n("%(count)s answer of %(x)s", "%(count)s answers of %(x)s", n, x=1)',
    '_p("safety", "Leave now")',
    '_l("At most %(max)s.") % {"max": 80}',
    '_lp("noun", "Code")',
    '_("One " "sentence")',
    "Markup('<a>{}</a>').format(title)",
]
BAD = [
    ("_(text)", "literals first"),
    ('_(f"Hello {name}")', "literals first"),
    ('_("Hello " + name)', "literals first"),
    ('_("Hello %s" % name)', "literals first"),
    ("_()", "literals first"),
    ('_n("a answer", many, n)', "literals first"),
    ('_n("a answer", "b answers")', "number third"),
    ('_p(context, "Code")', "literals first"),
    ('_("Hello %(name)s")', "differ in name"),
    ('_("Hello %(name)s", nam=x)', "differ in nam, name"),
    ('_("Hello", name=x)', "differ in name"),
    ('_("Hello %(name)s", **values)', "**"),
    ('_l("Hello", name=x)', "no placeholder for name"),
    ('_n("one answer", "%(count)s answers", n)', "different placeholders"),
    ('_("100% sure")', "bare %"),
    ('_("Hello %s", x=1)', "bare %"),
    ('_("<b>Hello</b>")', "markup in a message"),
    ('_("Fish &amp; chips")', "markup in a message"),
    ('_("Hello ")', "white space"),
    ('_("")', "empty"),
    ('Markup(_("Hello"))', "Markup around"),
    ('Markup("<b>" + _("Hello") + "</b>")', "Markup around"),
    ('markupsafe.Markup(str(_l("Hello")))', "Markup around"),
    ('flask_babel.gettext("Hello")', "languages.messages alone"),
    ('messages._("Hello %(x)s")', "differ in x"),
]


@pytest.mark.parametrize("line", GOOD)
def test_good_code_passes(line):
    assert reasons(in_function(line)) == []


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_bad_code_is_named(line, reason):
    assert any(reason in found for found in reasons(in_function(line)))


def test_a_message_is_not_said_at_import():
    assert "use _l" in reasons('TITLE = _("Hello")\n')[0]
    assert "use _l" in reasons('class Form:\n    name = Field(_("Name"))\n')[0]
    assert reasons('TITLE = _l("Hello")\nSAY = lambda: _("Hello")\n') == []


def test_another_door_is_refused():
    assert reasons("from flask_babel import lazy_gettext\n")
    assert reasons("from flask_babel import force_locale\n") == []


def test_wtforms_own_messages_stand_as_they_are():
    line = "X = _l(\"Invalid field name '%s'.\")\n"
    assert reasons(line, lints.CARRIED) == []
    assert reasons(line) != []


def test_the_line_and_the_file_are_named():
    (fault,) = lints.python_faults(in_function("_(x)"), CODE)
    assert str(fault).startswith("consult/reading/forms.py:2: ")


@pytest.mark.parametrize(
    "source",
    [
        '{{ _("Read %(link)s first.", link=link(url, _("the safety page"))) }}',
        '{% macro f(x) %}{{ _n("%(count)s answer", "%(count)s answers", x) }}{% endmacro %}',
        '{{ form.name.label(class_="x") }} {{ x|isolate }} {{ "%.1f"|format(x) }}',
    ],
)
def test_a_good_template_passes(source):
    assert reasons(source, PAGE) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% trans %}Hello{% endtrans %}", "unknown tag 'trans'"),
        ('{{ _("Hello")|safe }}', "|safe"),
        ("{{ text|safe }}", "|safe"),
        ("{{ _(text) }}", "literals first"),
        ('{{ _("Hello %(x)s") }}', "differ in x"),
        ('{{ _("Hello %(x)s")|format(x=1) }}', "|format"),
        ('{{ _("Hello %(x)s") % {"x": 1} }}', "% on a translation"),
        ('{{ _("Hello %(x)s", **values) }}', "**"),
        ('{{ Markup(_("Hello")) }}', "Markup"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "autoescape stays on"),
        ('{{ _("100% sure") }}', "bare %"),
        ("{% if %}", "Expected an expression"),
    ],
)
def test_a_bad_template_is_named(source, reason):
    assert any(reason in found for found in reasons(source, PAGE))


def test_the_whole_tree_is_looked_through(tmp_path):
    (tmp_path / CODE).parent.mkdir(parents=True)
    (tmp_path / PAGE).parent.mkdir(parents=True)
    (tmp_path / CODE).write_text(in_function("_(x)"))
    (tmp_path / PAGE).write_text("{{ _(x) }}")
    assert [fault.path for fault in lints.faults(tmp_path)] == [CODE, PAGE]
