"""How Camunda 7's API shows users and groups."""

from typing import Any

from taskdock.domain.people import Group, Person
from taskdock.use_cases.find_people import GroupMemberships


def profile_json(person: Person) -> dict[str, Any]:
    """A user."""
    return {"id": person.id, **person_names_json(person)}


def person_names_json(person: Person) -> dict[str, Any]:
    """A user's names and address; null where the directory has none."""
    return {
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
    }


def group_json(group: Group) -> dict[str, Any]:
    """A group; `type` is null."""
    return {"id": group.id, "name": group.name, "type": None}


def tenant_json(tenant: str) -> dict[str, Any]:
    """A tenant; it has no other name."""
    return {"id": tenant, "name": tenant}


def memberships_json(circle: GroupMemberships) -> dict[str, Any]:
    """A user's groups, and their other members."""
    return {
        "groups": [{"id": group.id, "name": group.name} for group in circle.groups],
        "groupUsers": [
            {
                "id": person.id,
                "firstName": person.first_name,
                "lastName": person.last_name,
                "displayName": person.display_name,
            }
            for person in circle.people
        ],
    }
