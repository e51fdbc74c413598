"""The application object that a server or `flask` loads."""

import sys

from config.settings import BadSetting
from consult.app import create_app

try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"consult: {error}")
