"""Camunda's Tasklist in front of a running local service: `python -m tests.tasklist JAR [API]`.

JAR is Camunda's web application, API the service's address, `http://127.0.0.1:3008` without it.
"""

import json
import sys
from pathlib import Path
from threading import Event
from urllib.parse import quote

from tests.support.http import call
from tests.tasklist.front import Front

PORT = 3009


def main() -> None:
    """Serve until it is interrupted."""
    jar, api = Path(sys.argv[1]), (*sys.argv[2:], "http://127.0.0.1:3008")[0]

    def token_of(user: str) -> str:
        answer = call("GET", f"{api}/local/token?user={quote(user)}")
        return str(json.loads(answer.body)["access_token"])

    with Front(jar, api, token_of, port=PORT) as front:
        sys.stdout.write(f"{front.address} (sign in with the name of a local user)\n")
        Event().wait()


if __name__ == "__main__":
    main()
