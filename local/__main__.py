"""`python -m local`: the local service, until Ctrl-C."""

import sys

if sys.version_info < (3, 12):  # noqa: UP036 - an older one gets a clear message
    version = sys.version.split()[0]
    sys.exit(f"taskdock needs Python 3.12 or newer; this is {version} ({sys.executable})")

from local.command_line import main

sys.exit(main(sys.argv[1:]))
