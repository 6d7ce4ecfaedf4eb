"""What the local sign-in pages look like: plain HTML, no scripts."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Final

from local.http_messages import Answer
from local.settings import User

_STYLE: Final = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-inline-size: 30rem; margin: 10vh auto; padding-inline: 1rem; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
button { inline-size: 100%; padding: .75rem 1rem; font: inherit; text-align: start; }
small { display: block; }
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def chooser(users: Mapping[str, User], target: str) -> Answer:
    """The page on which one chooses a user; `target` is the origin that the choice leads to."""
    choices = "\n".join(_choice(name, user) for name, user in sorted(users.items()))
    return _page(
        200,
        "Sign in",
        "<p>The local service asks for no password. Who are you?</p>"
        f'<form method="post"><ul>\n{choices}\n</ul></form>',
        target,
    )


def refusal_page(problem: str) -> Answer:
    """A page that says why nobody can be sent back."""
    return _page(400, "Cannot sign in", f"<p>{escape(problem)}</p>", "")


def _choice(name: str, user: User) -> str:
    full_name = " ".join(part for part in (user.first_name, user.last_name) if part)
    shown = f"{full_name} ({name})" if full_name and full_name != name else name
    about = ", ".join((*(["admin"] if user.admin else []), *user.memberships)) or "no groups"
    return (
        f'<li><button name="user" value="{escape(name)}">{escape(shown)}'
        f"<small>{escape(about)}</small></button></li>"
    )


def _page(status: int, title: str, content: str, target: str) -> Answer:
    html = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · taskdock</title>
<style>{_STYLE}</style>
</head>
<body><main><h1>{title}</h1>{content}</main></body>
</html>
"""
    # A browser checks where a form leads, and where its answer redirects to.
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        f"form-action 'self' {target}; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = (
        ("content-type", "text/html; charset=utf-8"),
        ("content-security-policy", policy),
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    )
    return Answer(status, headers, html.encode())
