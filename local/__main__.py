"""`python -m local`: the local service, until Ctrl-C."""

import sys

if sys.version_info[:2] != (3, 13):
    sys.exit(f"taskdock needs Python 3.13; this is {sys.version.split()[0]} ({sys.executable})")

from local.command_line import main

sys.exit(main(sys.argv[1:]))
