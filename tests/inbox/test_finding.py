"""A person finds tasks: by lists that scroll, by words and tokens, by filters that people share."""

import json

from tests.inbox.conftest import World
from tests.inbox.page import Page

SEARCH = "[name=search]"
DENSITY = "document.documentElement.dataset.density"
TOP_ROW = """
(({ top }) => [...document.querySelectorAll('.row')]
  .filter((row) => row.getBoundingClientRect().bottom > top + 1)
  .sort((one, other) => one.ariaPosInSet - other.ariaPosInSet)[0]
  ?.querySelector('.title').innerText
)(document.querySelector('.rows').getBoundingClientRect())
"""
"""The name of the first task that is seen in the list."""


def drawn(*names: str) -> str:
    """Whether exactly these tasks are in the list, in any order."""
    return (
        "JSON.stringify([...document.querySelectorAll('.row .title')].map(e => e.innerText).sort())"
        f" === {json.dumps(json.dumps(sorted(names), separators=(',', ':')))}"
    )


def choose_suggestion(page: Page, text: str) -> None:
    """Take the first suggestion, which says the text; it may arrive some time after the typing."""
    first = "document.querySelector('.search [role=option]')"
    page.wait_for(f"{first}?.innerText.includes({json.dumps(text)})")
    page.press("ArrowDown")
    page.wait_for(f"{first}?.ariaSelected === 'true'")
    page.press("Enter")
    page.wait_for(
        f"document.querySelector({json.dumps(SEARCH)}).value.includes({json.dumps(text)})"
    )


def test_words_find_names_descriptions_and_assignees(demo: Page, world: World) -> None:
    world.task("Zebra crossing")
    world.task("Paint the road", description="with a zebra on it")
    world.task("Something else")
    demo.press("g a")
    demo.write(SEARCH, "zebra")
    demo.press("Enter")
    demo.wait_for(drawn("Zebra crossing", "Paint the road"))
    demo.write(SEARCH, "zebra road")
    demo.press("Enter")
    demo.wait_for(drawn("Paint the road"))


def test_tokens_complete_as_one_types_and_become_a_query_to_take_along(
    demo: Page, world: World
) -> None:
    amount = {"amountOfThis": {"type": "Integer", "value": 1200}}
    world.task("Large order", group="sales", variables=amount)
    world.task(
        "Small order", group="sales", variables={"amountOfThis": {"type": "Integer", "value": 5}}
    )
    demo.press("g a /")
    demo.type("gro")
    choose_suggestion(demo, "group:")
    demo.type("sal")
    choose_suggestion(demo, "group:sales")
    demo.type("amountOfThis>1000")
    demo.press("Enter")
    demo.wait_for(drawn("Large order"))

    demo.click("button", "Show the query")
    demo.see('"candidateGroup": "sales"')
    command = demo.run("document.querySelector('[aria-label=curl]').innerText")
    assert command.startswith('curl -H "Authorization: Bearer $TOKEN"')
    query = json.loads(demo.run("document.querySelector('.query').innerText"))
    found = world.ask("POST", "/task?strict=true", query)
    assert [task["name"] for task in found] == ["Large order"]
    demo.press("Escape")


def test_a_token_that_means_nothing_is_named(demo: Page) -> None:
    demo.press("g a")
    demo.write(SEARCH, "due:someday")
    demo.press("Enter")
    demo.see("“due:someday” means nothing and was left out.")


def test_a_list_is_sorted_as_one_chooses(demo: Page, world: World) -> None:
    world.task("Sorted b", assignee="john", priority=10)
    world.task("Sorted a", assignee="john", priority=90)
    world.task("Sorted c", assignee="john", priority=50, due="2030-01-01T00:00:00.000+0000")
    demo.press("g a")
    demo.write(SEARCH, "assignee:john Sorted")
    demo.press("Enter")
    for order, names in (
        ("name", ["Sorted a", "Sorted b", "Sorted c"]),
        ("priority", ["Sorted a", "Sorted c", "Sorted b"]),
        ("due", ["Sorted c", "Sorted a", "Sorted b"]),
        ("oldest", ["Sorted b", "Sorted a", "Sorted c"]),
        ("newest", ["Sorted c", "Sorted a", "Sorted b"]),
    ):
        demo.choose(".order select", order)
        shown = json.dumps(json.dumps(names, separators=(",", ":")))
        demo.wait_for(
            "JSON.stringify([...document.querySelectorAll('.row .title')].map(e => e.innerText))"
            f" === {shown}"
        )


def test_a_list_loads_as_one_scrolls_and_keeps_its_place(demo: Page, world: World) -> None:
    for number in range(60):
        world.task(f"Scrolled {number:02}", assignee="john")
    # A list that was shown before has a place of its own.
    world.task("Elsewhere", assignee="demo")
    demo.go(f"{world.url}/inbox/#/mine")
    demo.wait_for("document.querySelector('h1').innerText === 'My tasks'")
    demo.until(lambda: bool(demo.rows()))
    demo.go(f"{world.url}/inbox/#/all?q=assignee:john+Scrolled&sort=name")
    demo.wait_for("document.querySelector('.row .title')?.innerText === 'Scrolled 00'")
    assert "Scrolled 59" not in demo.rows()
    demo.run("document.querySelector('.rows').scrollTop = 610")
    demo.wait_for(f"{TOP_ROW} === 'Scrolled 10'")
    demo.click("button", "Dense rows")
    demo.wait_for(f"{DENSITY} === 'dense' && {TOP_ROW} === 'Scrolled 10'")
    demo.click("button", "Dense rows")
    demo.wait_for(f"{DENSITY} !== 'dense' && {TOP_ROW} === 'Scrolled 10'")
    world.task("Scrolled 00, one more", assignee="john")
    demo.pass_time(10)
    demo.wait_for("document.querySelector('.list-head [role=status]').innerText.includes('61')")
    demo.wait_for(f"{TOP_ROW} === 'Scrolled 10'")
    demo.focus(".rows")

    def at_the_end() -> bool:
        demo.press("End")
        return "Scrolled 59" in demo.rows()

    demo.until(at_the_end)
    place = demo.run("document.querySelector('.rows').scrollTop")
    demo.press("g m")
    demo.wait_for("document.querySelector('h1').innerText === 'My tasks'")
    assert demo.run("document.querySelector('.rows').scrollTop") == 0
    demo.run("history.back()")
    demo.wait_for(f"document.querySelector('.rows').scrollTop === {place}")
    assert "Scrolled 59" in demo.rows()


def test_a_filter_is_saved_with_its_search_and_shared_with_its_number(
    demo: Page, mary: Page, world: World
) -> None:
    world.task(
        "Invoice of acme",
        group="sales",
        variables={"customerName": {"type": "String", "value": "Acme"}},
    )
    world.task("Invoice of others", group="sales")
    demo.press("g g")
    demo.write(SEARCH, "customerName:acme")
    demo.press("Enter")
    demo.wait_for(drawn("Invoice of acme"))
    demo.click("button", "Save as a filter")
    demo.write("dialog [name=name]", "Acme's")
    demo.choose("dialog [name=group]", "sales")
    demo.write("dialog [name=variables]", "customerName")
    demo.click("dialog button", "Save")
    demo.wait_for("document.querySelector('h1').innerText === \"Acme's\"")
    demo.see("customerName: Acme")

    mary.pass_time(10)
    mary.wait_for(
        "[...document.querySelectorAll('.lists button')].some(e => e.innerText === \"Acme's\\n1\")"
    )
    mary.click(".lists button", "Acme's")
    mary.wait_for(drawn("Invoice of acme"))
    [kept] = world.ask("GET", "/filter?name=Acme%27s")
    assert kept["query"]["candidateUserExpression"] == "${currentUser()}"
    world.ask("DELETE", f"/filter/{kept['id']}")


def test_a_filter_that_is_gone_is_told_and_no_other_list_is_shown(demo: Page, world: World) -> None:
    world.task("Of my own", assignee="demo")
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.row').length > 0")
    demo.go(f"{world.url}/inbox/#/filter:gone")
    demo.see("This filter does not exist any more")
    assert not demo.rows()
    demo.click(".notice button", "My tasks")
    demo.wait_for("document.querySelector('.lists [aria-current]')?.dataset.list === 'mine'")
    demo.wait_for("document.querySelectorAll('.row').length > 0")


def test_a_list_that_failed_is_asked_again_when_one_comes_back(demo: Page) -> None:
    demo.answer("*/v1/look", 500, {"message": "broken"})
    demo.press("g u")
    demo.wait_for("Boolean(document.querySelector('.below[role=alert]'))")
    demo.restore()
    demo.press("g m")
    demo.wait_for("document.querySelector('.lists [aria-current]')?.dataset.list === 'mine'")
    demo.press("g u")
    # Not only when all lists are read again.
    assert not demo.run("document.querySelector('.below[role=alert]')")
