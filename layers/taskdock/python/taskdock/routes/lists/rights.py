"""Authorizations and passwords: what programs ask before they show a button or a form."""

from typing import Final

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.api.requests.offset_pages import read_offset_page
from taskdock.api.surroundings.rights import checked
from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring

ROUTES: Final = Routes()


@ROUTES.get("/authorization")
def list_all(request: Request, _: Wiring) -> Answer:
    """None: rights are not kept as authorizations here."""
    read_offset_page(request.parameters)
    return Answer(200, [])


@ROUTES.get("/authorization/count")
def count_all(_: Request, __: Wiring) -> Answer:
    """None."""
    return Answer(200, {"count": 0})


@ROUTES.get("/authorization/check")
def check(request: Request, _: Wiring) -> Answer:
    """Whether the caller has a permission."""
    return Answer(200, checked(request.parameters))


@ROUTES.get("/authorization/{id}")
def show(request: Request, _: Wiring) -> Answer:
    """Always refuses: there are none."""
    raise NotFound(f"Authorization with id {request.path['id']} does not exist.")


@ROUTES.post("/identity/verify")
def verify(request: Request, _: Wiring) -> Answer:
    """Never authenticated: the identity provider alone takes passwords."""
    fields = LenientFields(request.json(trailing_junk_allowed=True), "")
    user, password = fields.text("username"), fields.text("password")
    if not user or not password:
        raise InvalidRequest("Username and password are required")
    nothing = {"groups": None, "tenants": None, "authenticated": False}
    return Answer(200, {"authenticatedUser": user, **nothing})


@ROUTES.get("/identity/password-policy")
def show_password_policy(_: Request, __: Wiring) -> Answer:
    """Always refuses: the identity provider has the policy."""
    raise NotFound("No password policy is configured: passwords are the identity provider's.")
