"""The generated client keeps what belongs to a task: links, variables, comments, attachments."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from generic_camunda_client import (
    CommentDto,
    IdentityLinkDto,
    PatchVariablesDto,
    TaskQueryDto,
    VariableQueryParameterDto,
    VariableValueDto,
)

from tests.clients.conftest import DeskOf
from tests.clients.generic_client import Desk, refused


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A file to upload: bytes that are no text."""
    path = tmp_path / "scan.bin"
    path.write_bytes(bytes(range(256)))
    return path


def links_of(desk: Desk, task_id: str) -> set[tuple[str | None, str | None, str]]:
    return {
        (link.user_id, link.group_id, link.type) for link in desk.links.get_identity_links(task_id)
    }


def test_identity_links_are_added_shown_and_removed(desk_of: DeskOf, task_id: str) -> None:
    demo, mary = desk_of("demo"), desk_of("mary")
    demo.create(task_id, name="For sales", assignee="john", owner="demo")
    offered = IdentityLinkDto(group_id="sales", type="candidate")

    demo.links.add_identity_link(task_id, identity_link_dto=offered)
    linked = links_of(mary, task_id)
    [candidate] = demo.links.get_identity_links(task_id, type="candidate")
    demo.links.delete_identity_link(task_id, identity_link_dto=offered)

    assert linked == {
        (None, "sales", "candidate"),
        ("john", None, "assignee"),
        ("demo", None, "owner"),
    }
    assert candidate.group_id == "sales"
    assert links_of(mary, task_id) == {("john", None, "assignee"), ("demo", None, "owner")}


def test_variables_are_put_changed_and_removed_together(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="Has variables")

    desk.variables.put_task_variable(
        task_id, "amount", variable_value_dto=VariableValueDto(value=12, type="Long")
    )
    amount = desk.variables.get_task_variable(task_id, "amount")
    desk.variables.modify_task_variables(
        task_id,
        patch_variables_dto=PatchVariablesDto(
            modifications={
                "customer": VariableValueDto(value="ACME", type="String"),
                "paid": VariableValueDto(value=False, type="Boolean"),
            },
            deletions=["amount"],
        ),
    )
    desk.variables.delete_task_variable(task_id, "paid")
    left = desk.variables.get_task_variables(task_id)

    assert (amount.value, amount.type) == (12, "Long")
    assert {name: (each.value, each.type) for name, each in left.items()} == {
        "customer": ("ACME", "String")
    }
    with refused() as refusal:
        desk.variables.get_task_variable(task_id, "paid")
    assert refusal.status == 404
    assert "task variable with name paid does not exist" in refusal.body


def test_local_variables_are_what_the_query_finds(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="Has local variables")
    weight = VariableValueDto(value=1.5, type="Double")

    desk.local_variables.put_task_local_variable(task_id, "weight", variable_value_dto=weight)
    shown = desk.local_variables.get_task_local_variable(task_id, "weight")
    heavy = VariableQueryParameterDto(name="weight", operator="gt", value=1)
    query = TaskQueryDto(task_id=task_id, task_variables=[heavy])
    found = desk.tasks.query_tasks_count(task_query_dto=query).count
    removal = PatchVariablesDto(modifications={"size": weight}, deletions=["weight"])
    desk.local_variables.modify_task_local_variables(task_id, patch_variables_dto=removal)
    left = desk.local_variables.get_task_local_variables(task_id)
    desk.local_variables.delete_task_local_variable(task_id, "size")

    assert (shown.value, shown.type) == (1.5, "Double")
    assert found == 1
    assert [*left] == ["size"]
    assert desk.local_variables.get_task_local_variables(task_id) == {}


def test_bytes_and_files_come_back_as_they_went(desk: Desk, task_id: str, content: Path) -> None:
    desk.create(task_id, name="Has files")
    sent = content.read_bytes()

    desk.variables.set_binary_task_variable(task_id, "scan", data=str(content), value_type="Bytes")
    desk.local_variables.set_binary_task_local_variable(
        task_id, "letter", data=str(content), value_type="File"
    )
    letter = desk.local_variables.get_task_local_variable(task_id, "letter")

    bytes_back = desk.variables.get_task_variable_binary(task_id, "scan")
    file_back = desk.local_variables.get_task_local_variable_binary(task_id, "letter")
    assert Path(bytes_back).read_bytes() == sent
    assert Path(file_back).read_bytes() == sent
    assert (letter.type, letter.value_info["filename"]) == ("File", "scan.bin")


def test_a_variable_of_a_wrong_type_is_refused(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="Is strict")
    wrong = VariableValueDto(value="many", type="Integer")

    with refused() as refusal:
        desk.variables.put_task_variable(task_id, "amount", variable_value_dto=wrong)

    assert refusal.status == 400
    assert "Cannot convert value 'many' of type 'Integer'" in refusal.body


def test_comments_are_written_and_read(desk_of: DeskOf, task_id: str) -> None:
    demo, mary = desk_of("demo"), desk_of("mary")
    demo.create(task_id, name="Discussed")

    first = demo.comments.create_comment(task_id, comment_dto=CommentDto(message="Who?"))
    second = mary.comments.create_comment(task_id, comment_dto=CommentDto(message="Me."))

    assert {comment.message for comment in demo.comments.get_comments(task_id)} == {"Who?", "Me."}
    read = demo.comments.get_comment(task_id, second.id)
    assert (read.user_id, read.message, read.task_id) == ("mary", "Me.", task_id)
    assert datetime.now(UTC) - read.time < timedelta(hours=1)
    assert first.links[0].rel == "self"
    assert first.links[0].href.endswith(f"/engine-rest/task/{task_id}/comment/{first.id}")


def test_attachments_are_kept_and_taken_back(desk: Desk, task_id: str, content: Path) -> None:
    desk.create(task_id, name="Has attachments")

    scan = desk.attachments.add_attachment(
        task_id,
        attachment_name="scan",
        attachment_description="a scan",
        attachment_type="application/octet-stream",
        content=str(content),
    )
    link = desk.attachments.add_attachment(
        task_id, attachment_name="page", url="https://example.org/page"
    )
    listed = desk.attachments.get_attachments(task_id)
    fetched = Path(desk.attachments.get_attachment_data(task_id, scan.id)).read_bytes()
    desk.attachments.delete_attachment(task_id, scan.id)

    assert {each.name for each in listed} == {"scan", "page"}
    assert fetched == content.read_bytes()
    assert desk.attachments.get_attachment(task_id, link.id).url == "https://example.org/page"
    with refused() as refusal:
        desk.attachments.get_attachment(task_id, scan.id)
    assert refusal.status == 404
