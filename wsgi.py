"""What a server imports: `wsgi:app`. Importing it reads the settings and touches no database."""

import os

from config import settings_or_exit
from console import create_app

app = create_app(settings_or_exit(os.environ))
