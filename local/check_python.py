"""Whether the interpreter that runs this file can set taskdock up: silent, or one line why not.

Any Python 3 can run it, so it keeps to old syntax, and imports nothing that could be missing.
"""

import importlib.util
import sys

OLDEST = (3, 12)
_ADVICE = "install Python 3.12 or newer, or name one with PYTHON=/path/to/python3"


def problem() -> str:
    """Why this interpreter does not do, with what to do; empty when it does."""
    if sys.version_info[:2] < OLDEST:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return "taskdock needs Python 3.12 or newer; this is " + version + ": " + _ADVICE
    missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
    if missing:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        return (
            "this Python has no " + " and no ".join(missing) + ": install the package "
            "" + package + " (Debian, Ubuntu), or name another Python with PYTHON=/path/to/python3"
        )
    return ""


if __name__ == "__main__":
    why = problem()
    sys.exit(sys.executable + ": " + why if why else 0)
