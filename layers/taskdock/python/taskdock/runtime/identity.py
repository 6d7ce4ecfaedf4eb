"""The caller, from the claims that API Gateway's authorizer verified."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from taskdock.domain.access import Authorization
from taskdock.domain.caller import ADMIN, Caller
from taskdock.domain.errors import NotAuthorized, Unauthenticated
from taskdock.runtime.settings import Settings
from taskdock.use_cases.services.programs import Program


def caller_of(
    event: Mapping[str, Any], settings: Settings, program_of: Callable[[str], Program | None]
) -> Caller:
    """The caller whose verified claims the event carries.

    A person is `username`; a program, whose token has none, is `client_id`, and `program_of` gives
    its registration. Raises `Unauthenticated` without claims, and `NotAuthorized` for a program
    whose registration was removed. `sam local` checks no token and sends no claims: only there,
    `LOCAL_CALLER` names the caller.
    """
    claims = _claims(event)
    user = _named(claims)
    if user is not None:
        scopes = _scopes(claims.get("scope"), settings.scope_prefix)
        caller = Caller.of_groups(user, _groups(claims.get("cognito:groups")), scopes)
        if "username" not in claims:
            caller = _program(caller, program_of(user))
        return _with_rights(caller, settings, is_person="username" in claims)
    if settings.aws_sam_local and settings.local_caller is not None:
        local, *groups = settings.local_caller.split()
        return _with_rights(Caller.of_groups(local, groups), settings, is_person=True)
    raise Unauthenticated("The request carries no verified token.")


def caller_id(event: Mapping[str, Any], settings: Settings) -> str | None:
    """The user or the client id that the event's claims name, for the log; None without claims."""
    named = _named(_claims(event))
    if named is None and settings.aws_sam_local and settings.local_caller is not None:
        return settings.local_caller.partition(" ")[0]
    return named


def is_program(event: Mapping[str, Any], settings: Settings) -> bool:
    """Whether the event's claims are a program's; under `sam local` the caller is a person."""
    return "username" not in _claims(event) and not settings.aws_sam_local


def _named(claims: Mapping[str, Any]) -> str | None:
    named = claims.get("username") or claims.get("client_id")
    return named if isinstance(named, str) and named else None


def _program(caller: Caller, program: Program | None) -> Caller:
    """The caller with the tenants and the services of its registration; raises `NotAuthorized` when
    that was removed. A program that was never registered belongs to no tenant.
    """
    if program is None:
        return caller
    if program.removed:
        raise NotAuthorized(f"The registration of program '{caller.user}' was removed")
    return replace(caller, tenants=frozenset(program.tenants), services=frozenset(program.services))


def _with_rights(caller: Caller, settings: Settings, *, is_person: bool) -> Caller:
    """The caller with what the deployment's settings make of them: a supervisor, or a participant
    where participants alone see a task.

    Where participants alone see a task, a person supervises by a group alone: only programs have
    the admin scope in a deployment, but everybody has it in the local service.
    """
    is_restricted = settings.authorization is Authorization.PARTICIPANTS and is_person
    is_administrator = ADMIN in caller.scopes and not is_restricted
    in_group = not settings.supervisor_groups.isdisjoint(caller.groups)
    supervises = is_administrator or in_group
    return replace(
        caller,
        supervises=supervises,
        participates=is_restricted and not supervises,
        tenant_required=settings.tenant_required,
    )


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    place: Any = event
    for step in ("requestContext", "authorizer", "jwt", "claims"):
        place = place.get(step) if isinstance(place, Mapping) else None
    return place if isinstance(place, Mapping) else {}


def _scopes(claim: object, prefix: str) -> frozenset[str]:
    """The deployment's own scopes in a claim, without its prefix: a user pool that several
    deployments share grants scopes of others, too.
    """
    start = f"{prefix}/"
    scopes = str(claim or "").split()
    return frozenset(each.removeprefix(start) for each in scopes if each.startswith(start))


def _groups(claim: object) -> list[str]:
    """The groups of a claim: a list, or as an HTTP API writes one, `[sales accounting]`."""
    if isinstance(claim, list):
        return [str(group) for group in claim]
    if not isinstance(claim, str):
        return []
    return claim.removeprefix("[").removesuffix("]").split()
