"""Puts the frame around an application: paths, headers, guards, refusals, files, templates."""

from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from config.settings import Settings
from consult.frame import addresses, guards, headers, menu, refusals, static
from consult.frame.commands import fonts
from consult.frame.pages import pages
from consult.languages.locales import LANGUAGES, Language, current


def install(app: Flask, settings: Settings, links: menu.Menu | None = None) -> None:
    """Install the whole frame; the languages must be installed too before a page is made.

    After the last blueprint `marks.check_marks(app)` has to be called.
    """
    addresses.install(app)
    # Flask calls these in reverse order, so the headers, first here, have the last word.
    headers.install(app, settings)
    guards.install(app, settings)
    refusals.install(app)
    static.install(app, settings)
    menu.install(app, links or menu.Menu())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        addresses=addresses,
        static_url=static.static_url,
        page_language=current,
        languages=LANGUAGES,
        links=menu.links,
        on_staff_page=lambda: addresses.is_staff(request.path),
        banner=_banner,
        switch=_switch,
    )
    app.jinja_env.filters["own"] = own
    app.register_blueprint(pages)
    app.cli.add_command(fonts)


def own(text: Any) -> Markup:
    """Show a text of a consultation; one in another language than the page says so.

    `text` is a string, or has `text` and `locale` as `texts.Text` has.
    """
    locale = getattr(text, "locale", None)
    words = getattr(text, "text", text)
    if locale is None or locale == current().id:
        return escape(words)
    language = LANGUAGES[locale]
    shape = Markup('<span lang="{}" dir="{}">{}</span>')
    return shape.format(language.html, language.dir, words)


def _banner(bare: Any = False) -> Any:
    """Give the line that stands on every page, such as that this is a demonstration.

    A bare page is one that may come when the database is the fault: it gets what is known.
    """
    asked = current_app.extensions.get("banner")
    if asked is None:
        return None
    return asked.known if bare else asked()


def _switch() -> list[tuple[Language, str]]:
    """Give each language with the path of this page in it."""
    return [(each, addresses.other_language(request.path, each)) for each in LANGUAGES.values()]
