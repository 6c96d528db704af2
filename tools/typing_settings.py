"""The shop's settings as the type checker reads them: the demo's, whatever the shell around it says."""

import os

os.environ["DEMO"] = "1"

from shop.settings import *  # noqa: F403 - the environment comes first
