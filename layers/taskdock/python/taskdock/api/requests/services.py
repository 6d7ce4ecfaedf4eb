"""Reads the registration of a service."""

from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.identifiers import identifier
from taskdock.use_cases.ports import Service


def service_in(body: object, sid: str) -> Service:
    """The service that the body of a registration describes.

    The body may have `name` (else the sid is its name), `description` and `types`. Raises
    `InvalidRequest` for anything else.
    """
    fields = StrictFields(body, "")
    service = Service(
        sid=identifier(sid, "sid"),
        name=fields.filled("name") or sid,
        description=fields.text("description"),
        types=fields.texts("types"),
    )
    fields.refuse_others()
    return service
