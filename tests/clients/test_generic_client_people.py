"""The generated client learns what surrounds the tasks: the engine, its users and its groups."""

from tests.clients.generic_client import Desk, refused


def test_there_is_one_engine_with_a_version(desk: Desk) -> None:
    [engine] = desk.engines.get_process_engine_names()

    assert engine.name == "default"
    assert desk.version.get_rest_api_version().version.startswith("7.")


def test_users_are_found_counted_and_shown(desk: Desk) -> None:
    sellers = desk.people.get_users(member_of_group="sales", max_results=10)

    assert {user.id for user in sellers} == {"demo", "mary"}
    assert desk.people.get_user_count(member_of_group="sales").count == 2
    assert desk.people.get_user_profile("mary").id == "mary"
    with refused() as refusal:
        desk.people.get_user_profile("nobody")
    assert refusal.status == 404


def test_groups_are_listed_counted_and_shown_with_their_members(desk: Desk) -> None:
    maries = desk.groups.get_query_groups(member="mary", sort_by="id", sort_order="asc")
    circle = desk.identity.get_group_info("mary")

    assert [group.id for group in maries] == ["sales", "support"]
    assert desk.groups.get_group_count(member="mary").count == 2
    assert {group.id for group in circle.groups} == {"sales", "support"}
    assert {user.id for user in circle.group_users} >= {"demo"}
