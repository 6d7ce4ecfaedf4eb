"""Camunda 7's routes about people described: engine, users, groups, tenants, rights."""

from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import (
    ANY_OBJECT,
    FLAG,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    ref,
)
from api_description.operations import Operation, answers_json, in_query, takes_json
from api_description.task_query import FIRST, MAXIMUM

_READING: Final = (errors.QueryTooExpensive, errors.OutOfTime)

_USERS: Final = (
    in_query("id", TEXT, "The user's id."),
    in_query("idIn", TEXT, "One of these ids, separated by commas."),
    *(
        in_query(name + like, TEXT, f"The user's `{name}`{how}.")
        for name in ("firstName", "lastName", "email")
        for like, how in (("", ""), ("Like", " is like the pattern"))
    ),
    in_query("memberOfGroup", TEXT, "A member of this group."),
    in_query("memberOfTenant", TEXT, "A member of this tenant."),
    in_query(
        "sortBy",
        {"enum": ["userId", "firstName", "lastName", "email"]},
        "Comes with `sortOrder`.",
    ),
    in_query("sortOrder", {"enum": ["asc", "desc"]}, "Comes with `sortBy`."),
)
_GROUPS: Final = (
    in_query("id", TEXT, "The group's id."),
    in_query("idIn", TEXT, "One of these ids, separated by commas."),
    in_query("name", TEXT, "The group's name."),
    in_query("nameLike", TEXT, "The group's name is like the pattern."),
    in_query("member", TEXT, "A group of this user."),
    in_query("type", TEXT, "Finds nothing: groups have no type."),
    in_query("memberOfTenant", TEXT, "Finds nothing: groups belong to no tenant."),
    in_query("sortBy", {"enum": ["id", "name", "type"]}, "Comes with `sortOrder`."),
    in_query("sortOrder", {"enum": ["asc", "desc"]}, "Comes with `sortBy`."),
)
_GROUP_QUERY: Final = takes_json(
    "which groups",
    given(
        {
            **dict.fromkeys(
                ("id", "name", "nameLike", "member", "type", "memberOfTenant"), MAYBE_TEXT
            ),
            "idIn": {"type": ["array", "null"], "items": TEXT},
            "sorting": {"type": ["array", "null"], "items": ANY_OBJECT},
        }
    ),
    required=False,
)

_TENANT: Final = answered({"id": TEXT, "name": TEXT})
_TENANTS: Final = (
    in_query("id", TEXT, "The tenant's id."),
    in_query("name", TEXT, "The tenant's name, which is its id."),
    in_query("nameLike", TEXT, "The tenant's name is like the pattern."),
    in_query("userMember", TEXT, "A tenant of this user."),
    in_query("sortBy", {"enum": ["id", "name"]}, "Comes with `sortOrder`."),
    in_query("sortOrder", {"enum": ["asc", "desc"]}, "Comes with `sortBy`."),
)

_CHECK: Final = answered(
    {"permissionName": TEXT, "resourceName": TEXT, "resourceId": MAYBE_TEXT, "authorized": FLAG}
)

OPERATIONS: Final = (
    Operation(
        route="GET /engine",
        title="the engines: there is one, `default`",
        answers=answers_json(200, "its name", list_of(answered({"name": TEXT}))),
    ),
    Operation(
        route="GET /version",
        title="the version of Camunda 7's API",
        answers=answers_json(200, "the version", answered({"version": TEXT})),
    ),
    Operation(
        route="GET /user",
        title="the users that match",
        answers=answers_json(200, "the users", list_of(ref("User"))),
        parameters=(FIRST, MAXIMUM, *_USERS),
        refusals=(*_READING, errors.ResponseTooLarge),
    ),
    Operation(
        route="GET /user/count",
        title="how many users match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=_USERS,
        refusals=_READING,
    ),
    Operation(
        route="GET /user/{id}/profile",
        title="one user",
        answers=answers_json(200, "the user", ref("User")),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="GET /group",
        title="the groups that match",
        answers=answers_json(200, "the groups", list_of(ref("Group"))),
        parameters=(FIRST, MAXIMUM, *_GROUPS),
        refusals=(*_READING, errors.ResponseTooLarge),
    ),
    Operation(
        route="GET /group/count",
        title="how many groups match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=_GROUPS,
        refusals=_READING,
    ),
    Operation(
        route="POST /group",
        title="the groups that match the body",
        answers=answers_json(200, "the groups", list_of(ref("Group"))),
        parameters=(FIRST, MAXIMUM),
        body=_GROUP_QUERY,
        refusals=(*_READING, errors.ResponseTooLarge),
    ),
    Operation(
        route="POST /group/count",
        title="how many groups match the body",
        answers=answers_json(200, "the number", ref("Count")),
        body=_GROUP_QUERY,
        refusals=_READING,
    ),
    Operation(
        route="GET /group/{id}",
        title="one group",
        answers=answers_json(200, "the group", ref("Group")),
        refusals=(errors.NotFound, *_READING),
    ),
    Operation(
        route="GET /tenant",
        title="the caller's tenants that match",
        answers=answers_json(200, "the tenants", list_of(_TENANT)),
        parameters=(FIRST, MAXIMUM, *_TENANTS),
        refusals=_READING,
    ),
    Operation(
        route="GET /tenant/count",
        title="how many tenants of the caller match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=_TENANTS,
        refusals=_READING,
    ),
    Operation(
        route="GET /tenant/{id}",
        title="one tenant of the caller",
        answers=answers_json(200, "the tenant", _TENANT),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="GET /identity/groups",
        title="a user's groups, and who else is in them",
        answers=answers_json(
            200,
            "groups and people",
            answered(
                {
                    "groups": list_of(answered({"id": TEXT, "name": TEXT})),
                    "groupUsers": list_of(
                        answered(
                            {
                                "id": TEXT,
                                "firstName": MAYBE_TEXT,
                                "lastName": MAYBE_TEXT,
                                "displayName": TEXT,
                            }
                        )
                    ),
                }
            ),
        ),
        parameters=(in_query("userId", TEXT, "The user; needed."),),
        refusals=_READING,
    ),
    Operation(
        route="GET /authorization",
        title="the authorizations: there are none",
        answers=answers_json(200, "an empty list", {"type": "array", "maxItems": 0}),
        parameters=(FIRST, MAXIMUM),
    ),
    Operation(
        route="GET /authorization/count",
        title="how many authorizations there are: none",
        answers=answers_json(200, "the number", ref("Count")),
    ),
    Operation(
        route="GET /authorization/check",
        title="whether the caller has a permission: every one that there is",
        answers=answers_json(200, "the answer", _CHECK),
        parameters=(
            in_query("permissionName", TEXT, "Such as `UPDATE`; needed."),
            in_query("resourceName", TEXT, "Any name; needed."),
            in_query("resourceType", TEXT, "The number of the resource's type; needed."),
            in_query("resourceId", TEXT, "The resource's id."),
        ),
        refusals=(errors.BadUserRequest,),
    ),
    Operation(
        route="GET /authorization/{id}",
        title="always refused: there are no authorizations",
        answers=(),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="POST /identity/verify",
        title="whether a password is right: never, the identity provider alone takes passwords",
        answers=answers_json(
            200,
            "not authenticated",
            answered(
                {
                    "authenticatedUser": TEXT,
                    "groups": {"type": "null"},
                    "tenants": {"type": "null"},
                    "authenticated": FLAG,
                }
            ),
        ),
        body=takes_json("user and password", given({"username": TEXT, "password": TEXT})),
    ),
    Operation(
        route="GET /identity/password-policy",
        title="always refused: the identity provider has the policy",
        answers=(),
        refusals=(errors.NotFound,),
    ),
)
