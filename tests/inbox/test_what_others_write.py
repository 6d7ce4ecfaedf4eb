"""What others write is shown as text: it runs nothing, turns nothing and widens nothing."""

import json
from typing import Any, Final

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import DESKTOP, PHONE, Page
from tests.inbox.samples import HOSTILE, LONG_WORD
from tests.inbox.views import open_task

RLO, RLI, PDI = "\u202e", "\u2067", "\u2069"
CODE: Final = (
    "<script>window.owned = 1</script>"
    "<img src=x onerror='window.owned = 2'><svg onload='window.owned = 3'>"
    "<a href='javascript:window.owned = 4'>here</a> javascript:window.owned=5 "
    '"><iframe srcdoc="<script>parent.owned = 6</script>"></iframe> {{constructor}} ${1}'
)
TEXTS: Final[dict[str, str]] = {
    "code": CODE,
    "turned": f"turned {RLO}gnp.exe {RLI}and never turned back",
    "long": LONG_WORD,
    "joined": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 40
    + "Z\u0351\u036b" * 200,
    "control": "bell\x07 null? escape\x1b[31m tab\t line\nreturn\r form\x0c del\x7f c1\x9b end",
    "right to left": "\u05e9\u05dc\u05d5\u05dd (\u05e2\u05d5\u05dc\u05dd) 123 abc " * 10,
}
WATCH: Final = """
(() => {
  window.owned = 0;
  window.faults = [];
  for (const kind of ["alert", "confirm", "prompt"])
    window[kind] = (text) => { window.faults.push(`${kind} ${text}`); return false; };
  addEventListener("error", (event) => window.faults.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => window.faults.push(String(event.reason)));
})()
"""
WIDER: Final = """
[document.documentElement, ...document.querySelectorAll(
  ".top, .list, .list-head, .rows, .pane, .lists, .trouble, dialog, .dialog-content")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1 && each.checkVisibility())
  .map((each) => `${each.tagName} ${each.className} ${each.scrollWidth} ${each.clientWidth}`)
  .concat([...document.querySelectorAll("body *")]
    .filter((each) => each.checkVisibility() && !each.closest(".unseen, .skip, .fjs-no-overflow"))
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .filter((each) => !each.closest("pre"))
    .map((each) => `${each.tagName} ${each.className} reaches beyond the window`))
"""


def form(text: str) -> dict[str, Any]:
    """A form that says the text wherever a form says anything."""
    choice = [{"label": text, "value": text}, {"label": "Plain", "value": "plain"}]
    kinds: dict[str, dict[str, Any]] = {
        "textfield": {"appearance": {"prefixAdorner": text[:200], "suffixAdorner": text[:200]}},
        "textarea": {},
        "number": {},
        "checkbox": {},
        "select": {"values": choice},
        "radio": {"values": choice},
        "checklist": {"values": choice},
        "taglist": {"values": choice},
        "datetime": {"subtype": "date", "dateLabel": text},
    }
    fields = [
        {"type": kind, "id": kind, "key": kind, "label": text, "description": text, **more}
        for kind, more in kinds.items()
    ]
    said = {"type": "text", "id": "said", "text": f"{text}\n\n[link](javascript:window.owned=7)"}
    picture = {"type": "image", "id": "picture", "source": "javascript:window.owned=8", "alt": text}
    return {"type": "default", "components": [said, picture, *fields]}


def logged(page: Page, world: World, task: str) -> None:
    """The log follows a change by a moment: whoever reads it wants the attachment in it."""
    address = f"/history/user-operation?taskId={task}&operationType=AddAttachment"
    page.until(lambda: bool(world.ask("GET", address)))


def untouched(page: Page) -> None:
    """Nothing of the texts has run, and nothing is wider than its place."""
    assert page.run("window.owned") == 0
    assert page.run("window.faults") == []
    assert page.refused() == []
    assert page.run("document.querySelectorAll('#page :is(script, iframe, [onerror])').length") == 0
    assert page.run("[...document.links].filter(e => e.protocol === 'javascript:').length") == 0
    for size in (PHONE, DESKTOP):
        page.resize(*size)
        page.run("0")
        assert page.run(WIDER) == [], size


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_in_every_place_of_a_task_stays_a_text(demo: Page, world: World, kind: str) -> None:
    text = TEXTS[kind]
    short = text[:200]
    variables = {
        f"{short[:100]} in a name": {"type": "String", "value": text[:4000]},
        "a text": {"type": "String", "value": text[:4000]},
        "a document": {"type": "Json", "value": json.dumps({short: text[:4000]})},
    }
    task = world.task(short, assignee="demo", description=text[:4000])
    world.ask("POST", f"/task/{task}/localVariables", {"modifications": variables})
    world.ask("POST", f"/task/{task}/comment/create", {"message": text[:4000]})
    world.attach(task, short.replace("\n", " ").replace("\r", " "), text.encode())
    link = {"groupId": "sales", "type": "candidate"}
    world.ask("POST", f"/task/{task}/identity-links", link)
    kept = world.ask(
        "POST",
        "/filter/create",
        {"name": short, "resourceType": "Task", "query": {}, "properties": {}},
    )
    logged(demo, world, task)
    open_task(demo, world, task, "all")
    demo.run(WATCH)
    demo.click("summary", "History")
    demo.wait_for("document.querySelectorAll('.deeds > li').length > 1")
    demo.click(".attachment button", "Preview")
    demo.wait_for("Boolean(document.querySelector('pre.preview'))")
    demo.wait_for("Boolean(document.querySelector('.comments .message'))")
    demo.pass_time(10)
    demo.wait_for("document.querySelectorAll('.lists [data-list^=\"filter:\"]').length === 1")
    untouched(demo)

    name = demo.run("document.querySelector('.pane h2').textContent")
    assert name == world.get(task)["name"]
    for selector in (".pane h2", ".task > .description", ".comments .message", ".row .title"):
        assert demo.run(f"document.querySelector('{selector}').children.length") == 0
    demo.click("[data-list^='filter:']")
    demo.wait_for("document.querySelector('h1').innerText.length > 3")
    untouched(demo)
    world.ask("DELETE", f"/filter/{kept['id']}")


@pytest.mark.parametrize("kind", ["code", "turned", "long"])
def test_a_text_in_every_place_of_a_form_stays_a_text(demo: Page, world: World, kind: str) -> None:
    text = TEXTS[kind][:2000]
    key = f"others-{kind}"
    world.ask("PUT", f"/v1/forms/{key}", form(text))
    values = {"textfield": text, "textarea": text, "radio": text, "other": text}
    task = world.of_service(text[:200], assignee="demo", formKey=key, metadata=values)
    open_task(demo, world, task)
    demo.run(WATCH)
    demo.wait_for("document.querySelectorAll('.fjs-form label').length > 5")
    untouched(demo)
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    sent = world.ask("GET", f"/history/variable-instance?taskIdIn={task}")
    assert {each["name"]: each["value"] for each in sent}["textfield"] == text


def test_a_turned_text_does_not_turn_what_is_beside_it(demo: Page, world: World) -> None:
    """Each character of what the page itself says stands to the right of the one before."""
    turned = f"report {RLO}fdp.exe"
    task = world.task(turned, assignee="demo", description=turned)
    world.ask("POST", f"/task/{task}/comment/create", {"message": turned})
    world.attach(task, turned, b"notes")
    variables = {turned: {"type": "String", "value": "x"}}
    world.ask("POST", f"/task/{task}/localVariables", {"modifications": variables})
    logged(demo, world, task)
    open_task(demo, world, task, "mine")
    demo.click("summary", "History")
    demo.wait_for("document.querySelectorAll('.deeds > li').length > 1")
    demo.wait_for("Boolean(document.querySelector('.attachment .name'))")
    turning = demo.run(
        """(() => {
          const isOwn = (node) => /^[\\x20-\\x7e]+$/.test(node.data);
          const left = (node, at) => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            return range.getBoundingClientRect();
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const wrong = [];
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!isOwn(node) || !node.parentElement.checkVisibility()) continue;
            for (let at = 1; at < node.data.length; at += 1) {
              const [before, after] = [left(node, at - 1), left(node, at)];
              const isLine = before.width && after.width && before.top === after.top;
              if (isLine && after.left < before.left) wrong.push(node.data);
            }
          }
          return wrong;
        })()"""
    )
    assert turning == []
    # Of a text and what follows it in the same line, the text comes first.
    for first, second in (
        (".attachment .name", ".attachment time"),
        ("label[for]", "label[for] small"),
    ):
        assert demo.run(
            f"document.querySelector({first!r}).getBoundingClientRect().left"
            f" <= document.querySelector({second!r}).getBoundingClientRect().left"
        )
    assert RLO not in demo.run("document.title")


def test_who_is_told_of_and_asked_is_not_turned_either(demo: Page, world: World) -> None:
    """A message, a question and a search say what others have written within a sentence."""
    turned = f"x{RLO}y"
    demo.go(f"{world.url}/inbox/#/all?q=due:{turned}")
    demo.see("means nothing and was left out.")
    assert RLO not in demo.run("document.querySelector('.list-head .mistake').innerText")
    task = world.of_service("Unfit", assignee="demo", formKey=f"no such {turned}")
    open_task(demo, world, task)
    demo.see("is not registered here")
    assert RLO not in demo.run("document.querySelector('.form .hint').innerText")


def test_a_link_that_is_attached_leads_to_the_web_or_nowhere(demo: Page, world: World) -> None:
    """The API takes no address that runs something; the page does not rely on it."""
    task = world.task("With links", assignee="demo")
    world.attach_link(task, HOSTILE[:100], "https://a.example")
    [kept] = world.ask("GET", f"/task/{task}/attachment")
    addresses = ("javascript:window.owned=1", "data:text/html,<script>1</script>", kept["url"])
    links = [{**kept, "id": str(at), "url": each} for at, each in enumerate(addresses)]
    demo.answer(f"*/task/{task}/attachment", 200, links)
    open_task(demo, world, task)
    demo.wait_for("document.querySelectorAll('.attachment').length === 3")
    shown = demo.run(
        "[...document.querySelectorAll('.attachments a')].map(e => [e.protocol, e.rel, e.target])"
    )
    assert shown == [["https:", "noreferrer noopener", "_blank"]]
