"""What gunicorn reads by itself when it is started here: what it says itself is JSON lines too."""

import json
from pathlib import Path

logconfig_dict = json.loads(Path(__file__).with_name("logging.json").read_text(encoding="utf-8"))
control_socket_disable = True  # it would lie in the home folder
