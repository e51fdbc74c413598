"""The application object that a server or `flask` loads."""

import sys

from config.settings import BadSetting
from consult.app import create_app
from consult.errors import Refused

try:
    app = create_app()
except (BadSetting, Refused) as error:
    sys.exit(f"consult: {error}")
