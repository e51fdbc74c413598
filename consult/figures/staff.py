"""The staff page of figures, and the same tally as files."""

from flask import Blueprint

pages = Blueprint(
    "figures",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>",
    template_folder="templates",
)
