from datetime import date

import flask_babel
import pytest
from flask import render_template_string
from markupsafe import Markup
from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from consult.languages.messages import FormMessages, Lazy, _, _l, _lp, _n, _p, code, isolate

LINK = Markup('<a href="/ps/safety">{}</a>')


def test_values_stand_in_the_page_s_digits_and_calendar(on_page, shipped):
    shipped("fa_AF", (None, "%(n)s until %(day)s", "%(n)s تا %(day)s"))
    text = on_page("fa-af", lambda: _("%(n)s until %(day)s", n=1234, day=date(2026, 3, 21)))
    assert text == "۱٬۲۳۴ تا ۱ حمل ۱۴۰۵ (۲۱ مارچ ۲۰۲۶)"


def test_a_name_is_isolated_and_a_number_given_as_text_stays_latin(on_page, shipped):
    shipped("ps", (None, "From %(who)s", "له %(who)s"))
    assert on_page("ps", lambda: _("From %(who)s", who="S/1325")) == "له \u2068S/1325\u2069"
    assert on_page("en", lambda: _("From %(who)s", who="S/1325")) == "From S/1325"


def test_per_cent_signs_are_text(on_page, catalogue, app):
    assert (
        on_page("en", lambda: _("100% anonymous %s %n %(x)s", y=1)) == "100% anonymous %s %n %(x)s"
    )
    texts = app.extensions["catalogue"]
    texts.current("fr").forms[None, "Sure"] = ("100% %s %n {0} {x.__class__}",)
    assert on_page("fr", lambda: _("Sure", x=1)) == "100% %s %n {0} {x.__class__}"
    assert on_page("fr", lambda: str(_l("Sure"))) == "100% %s %n {0} {x.__class__}"


def test_a_literal_in_a_template_is_written_anew_for_each_language(on_page, app):
    source = "{{ 12 | number }} {{ '3' | digits }} {{ 0.5 | percent }}"
    with app.app_context():
        template = app.jinja_env.from_string(source)
    shown = [on_page(segment, template.render) for segment in ("en", "ps")]
    assert shown == ["12 3 50%", "۱۲ ۳ \u2066۵۰٪\u2069"]


HOSTILE = "<script>alert('x')</script>\" onfocus=alert(1) x=\""


@pytest.fixture
def hostile(app):
    """A translation that got past the checker."""
    forms = app.extensions["catalogue"].current("en").forms
    for source in ("Name", "Hint", "Wrong", "Choice"):
        forms[None, source] = (HOSTILE,)
    forms[None, "Read %(link)s first"] = (HOSTILE + "%(link)s",)


class HostileForm(Form):
    class Meta:
        def get_translations(self, _form):
            return FormMessages()

    name = StringField(_l("Name"), [InputRequired(_l("Wrong"))], description=_l("Hint"))
    pick = SelectField(_l("Name"), choices=[("a", _l("Choice"))])


TEMPLATE = """
<p title="{{ _('Name') }}">{{ _('Name') }}</p>
<p>{{ _('Read %(link)s first', link=link) }}</p>
{{ form.name.label }} {{ form.name(placeholder=form.name.description) }} {{ form.name.description }}
{{ form.name.errors[0] }} {{ form.pick }}
"""


def test_a_hostile_translation_is_plain_text_wherever_it_stands(on_page, hostile):
    def page():
        form = HostileForm()
        form.validate()
        return render_template_string(TEMPLATE, form=form, link=LINK.format(_("Name")))

    html = on_page("en", page)
    assert html.count("&lt;script&gt;") >= 8
    assert "<script" not in html
    assert '" onfocus' not in html
    assert '<a href="/ps/safety">&lt;script&gt;' in html


def test_a_link_stays_a_link_and_all_else_is_escaped(on_page):
    made = on_page(
        "en",
        lambda: _("<%(who)s> reads %(link)s", who="<b>", link=LINK.format("this & that")),
    )
    assert made == '&lt;&lt;b&gt;&gt; reads <a href="/ps/safety">this &amp; that</a>'
    assert isinstance(made, Markup)
    assert not isinstance(on_page("en", lambda: _("Hello %(who)s", who="<b>")), Markup)


def test_a_lazy_message_speaks_the_language_of_each_page(on_page, shipped):
    shipped("ps", (None, "Name", "نوم"), ("noun", "Code", "کوډ"))
    shipped("fr", (None, "Name", "Nom"), ("noun", "Code", "Code"))
    name, coded = _l("Name"), _lp("noun", "Code")
    assert [on_page(s, lambda: str(name)) for s in ("ps", "fr", "ps")] == ["نوم", "Nom", "نوم"]
    assert on_page("ps", lambda: str(coded)) == "کوډ"
    assert not hasattr(name, "__html__")


def test_a_lazy_message_is_filled_by_name_alone(on_page, shipped):
    shipped("ps", (None, "At most %(max)s.", "تر ټولو ډېر %(max)s."))
    limit = _l("At most %(max)s.")
    assert on_page("ps", lambda: limit % {"max": 80}) == "تر ټولو ډېر ۸۰."
    with pytest.raises(TypeError):
        limit.format(max=80)


def test_nothing_is_said_outside_an_application():
    for call in (
        lambda: _("Yes"),
        lambda: _n("a", "b", 1),
        lambda: _p("c", "d"),
        lambda: str(_l("e")),
    ):
        with pytest.raises(RuntimeError):
            call()


def test_a_command_says_its_language(app, shipped):
    shipped("ps", (None, "Yes", "هو"))
    with app.app_context():
        assert _("Yes") == "Yes"
        with flask_babel.force_locale("ps"):
            assert _("Yes") == "هو"
        assert _("Yes") == "Yes"


class Numbers(HostileForm):
    age = IntegerField(_l("Age"), [NumberRange(min=30)])
    note = StringField("", [Length(max=3)])


def test_a_form_without_wording_of_its_own_speaks_the_page_s_language(on_page, shipped):
    shipped(
        "ps",
        (None, "Number must be at least %(min)s.", "لږ تر لږه %(min)s."),
        (None, "Not a valid choice.", "دا ټاکنه نشته."),
        (
            None,
            (
                "Field cannot be longer than %(max)d character.",
                "Field cannot be longer than %(max)d characters.",
            ),
            ("تر %(max)d توري.", "تر %(max)d توري."),
        ),
    )

    def wrong():
        form = Numbers(data={"age": 3, "note": "abcd", "pick": "z"})
        form.validate()
        return form.age.errors[0], form.pick.errors[0], form.note.errors[0]

    assert on_page("ps", lambda: [str(e) for e in wrong()]) == [
        *("لږ تر لږه ۳۰.", "دا ټاکنه نشته.", "تر ۳ توري."),
    ]


def test_filters_isolate_what_people_typed(on_page):
    page = "{{ name | isolate }} {{ code | code }} {{ 1234 | number }} {{ 0.5 | percent }} {{ code | digits }}"
    html = on_page("ps", lambda: render_template_string(page, name="<b>\u202e", code="12-34"))
    assert html == ('<bdi>&lt;b&gt;</bdi> <bdi dir="ltr">12-34</bdi> ۱٬۲۳۴ \u2066۵۰٪\u2069 ۱۲-۳۴')


def test_filters_leave_markup_as_it_is():
    assert isolate(Markup("<b>x</b>")) == "<bdi><b>x</b></bdi>"
    assert code("a&b") == '<bdi dir="ltr">a&amp;b</bdi>'


def test_a_lazy_message_inside_another_is_said_too(on_page, shipped):
    shipped("fr", (None, "Name", "Nom"), (None, "%(field)s is missing", "%(field)s manque"))
    assert on_page("fr", lambda: _("%(field)s is missing", field=_l("Name"))) == "Nom manque"
    assert isinstance(_l("Name"), Lazy)
