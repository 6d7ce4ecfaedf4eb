"""The registered services, and the address of the identity provider."""

from typing import Final

from taskdock.api.answers.service_tasks import service_href, service_json, services_json
from taskdock.api.requests.services import service_in
from taskdock.domain.caller import READ, WRITE
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.settings import required
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.services.manage_services import (
    find_service,
    register_service,
    remove_service,
)

SHOWN: Final = Routes()
"""The routes that read."""

REGISTERED: Final = Routes()
"""The routes that change what is registered."""


@SHOWN.get("/v1/auth", public=True)
def show_identity_provider(_: Request, wiring: Wiring) -> Answer:
    """The address of the identity provider, where callers get their tokens, and what a page needs
    to send people to the sign-in pages. Their addresses are null where the deployment uses a user
    pool of others and is not told where its pages are.
    """
    settings = wiring.settings
    pages, prefix = settings.login_url, settings.scope_prefix
    return Answer(
        200,
        {
            "url": required(settings.identity_provider_url, "IDENTITY_PROVIDER_URL"),
            "clientId": required(settings.people_client_id, "PEOPLE_CLIENT_ID"),
            "authorizeUrl": pages and f"{pages}/oauth2/authorize",
            "tokenUrl": pages and f"{pages}/oauth2/token",
            "signOutUrl": pages and f"{pages}/logout",
            "scopes": ["openid", f"{prefix}/{READ}", f"{prefix}/{WRITE}"],
        },
    )


@SHOWN.get("/v1/services")
def list_services(_: Request, wiring: Wiring) -> Answer:
    """All services, by sid."""
    return Answer(200, services_json(wiring.services.list(), wiring.settings.base_path))


@SHOWN.get("/v1/services/{sid}")
def show_service(request: Request, wiring: Wiring) -> Answer:
    """One service."""
    service = find_service(wiring.services, request.path["sid"])
    return Answer(200, service_json(service, wiring.settings.base_path))


@REGISTERED.put("/v1/services/{sid}")
def put_service(request: Request, wiring: Wiring) -> Answer:
    """The service as it is registered now: 201 when it is new, else 200."""
    service, is_new = register_service(
        wiring.services, service_in(request.json(), request.path["sid"])
    )
    base_path = wiring.settings.base_path
    content = service_json(service, base_path)
    if not is_new:
        return Answer(200, content)
    return Answer(201, content, headers={"Location": service_href(service, base_path)})


@REGISTERED.delete("/v1/services/{sid}", produces=())
def delete_service(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the service is gone."""
    remove_service(wiring.services, wiring.store, request.path["sid"])
    return NO_CONTENT
