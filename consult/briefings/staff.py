"""Pages of the briefing."""

from flask import Blueprint

pages = Blueprint("briefings", __name__, template_folder="templates")
