"""Reads the registration of a program."""

from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.identifiers import identifier
from taskdock.use_cases.services.programs import Program


def program_in(body: object, client_id: str) -> Program:
    """The program that the body of a registration describes.

    The body may have `name` (else the client id is its name), `tenants` and `services`. Raises
    `InvalidRequest` for anything else.
    """
    fields = StrictFields(body, "")
    program = Program(
        client_id=identifier(client_id, "clientId"),
        name=fields.filled("name") or client_id,
        tenants=fields.texts("tenants"),
        services=fields.texts("services"),
    )
    fields.refuse_others()
    return program
