"""On a phone, in German, from right to left, without motion: the same work."""

import pytest

from tests.inbox.conftest import World
from tests.inbox.page import PHONE, Page
from tests.inbox.views import open_task

IN_PLACE = "document.documentElement.scrollWidth <= innerWidth"


def test_a_task_is_done_on_a_phone(demo: Page, world: World) -> None:
    task = world.task("Done on the way", group="sales")
    first = "2019-01-01T12:00:00.000+0000"
    other = world.task("Left for later", assignee="demo", due=first)
    demo.pass_time(10)
    demo.resize(*PHONE)
    demo.wait_for("!document.querySelector('.lists')")
    demo.touch(".menu")
    demo.touch("[data-list=groups]")
    demo.wait_for("!document.querySelector('.lists')")
    demo.touch(".row", "Done on the way")
    demo.wait_for("Boolean(document.querySelector('.finish')) && !document.querySelector('.row')")
    assert demo.run(IN_PLACE)
    demo.touch(".actions button", "Claim")
    demo.until(lambda: world.get(task)["assignee"] == "demo")
    demo.touch("[data-action=complete]")
    demo.until(lambda: world.ended(task))
    demo.wait_for("Boolean(document.querySelector('.rows')) && !document.querySelector('.pane')")
    assert demo.run(IN_PLACE)

    demo.touch(".menu")
    demo.touch("[data-list=mine]")
    demo.touch(".row", "Left for later")
    demo.wait_for("Boolean(document.querySelector('.finish'))")
    demo.touch(".pane-bar button", "Back")
    demo.wait_for("Boolean(document.querySelector('.row'))")
    assert not world.ended(other)
    for selector in (".top button", ".pane-bar button", ".order select", ".tick"):
        sizes = demo.run(
            f"[...document.querySelectorAll({selector!r})].filter(e => e.checkVisibility())"
            ".map(e => Math.min(e.offsetWidth, e.offsetHeight))"
        )
        assert all(size >= 24 for size in sizes), (selector, sizes)


def test_the_whole_page_speaks_german(demo: Page, world: World) -> None:
    task = world.task("Papier", assignee="demo", due="2020-01-01T12:00:00.000+0000")
    open_task(demo, world, task)
    demo.click(".me")
    demo.choose("dialog select", "de")
    demo.wait_for("document.documentElement?.lang === 'de'")
    demo.see("Meine Aufgaben")
    demo.wait_for("Boolean(document.querySelector('.finish'))")
    said = demo.run("document.body.innerText")
    for english in ("My tasks", "Claim", "Complete", "Comments", "years ago", "Due"):
        assert english not in said
    assert "vor" in demo.run("document.querySelector('.facts time').innerText")
    demo.click("[data-action=complete]")
    demo.until(lambda: world.ended(task))


@pytest.mark.parametrize("size", [(1440, 900), (1000, 700), PHONE])
def test_it_can_be_read_from_right_to_left(demo: Page, world: World, size: tuple[int, int]) -> None:
    task = world.task("Mirrored", assignee="demo", priority=80, description="Some words")
    demo.resize(*size)
    open_task(demo, world, task)
    demo.run("document.documentElement.dir = 'rtl'")
    assert demo.run(IN_PLACE)
    assert demo.run(
        "['.pane', '.list', '.lists', '.top'].map(each => document.querySelector(each))"
        ".filter(each => each?.checkVisibility())"
        ".every(each => each.scrollWidth <= each.clientWidth + 1)"
    )
    if size[0] > 1100:
        places = "['.pane', '.list', '.lists'].map(e => document.querySelector(e).offsetLeft)"
        lefts = demo.run(places)
        assert lefts == sorted(lefts)
        demo.wait_for("!!document.querySelector('.row .title')")
        tick, title = demo.run(
            "['.tick', '.title'].map(e => document.querySelector('.row ' + e)"
            ".getBoundingClientRect().x)"
        )
        assert tick > title


def test_nothing_moves_for_those_who_prefer_that(demo: Page, world: World) -> None:
    demo.prefer(prefers_reduced_motion="reduce")
    task = world.task("Still", group="sales")
    open_task(demo, world, task, "groups")
    demo.press("c")
    demo.see("The task is yours.")
    demo.press("Control+k")
    demo.wait_for("Boolean(document.activeElement.closest('dialog [role=combobox]'))")
    assert demo.run("document.getAnimations().length") == 0
    assert demo.run(
        """[...document.querySelectorAll("*")].map(each => getComputedStyle(each))
        .every(({transitionDuration, animationName, scrollBehavior}) =>
          transitionDuration === "0s" && animationName === "none" && scrollBehavior === "auto")"""
    )
