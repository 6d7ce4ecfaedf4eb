"""Documents of a task: dropped, shown, told to be too large before they are sent."""

from pathlib import Path

from tests.inbox.conftest import World
from tests.inbox.page import Page
from tests.inbox.samples import pdf, picture
from tests.inbox.views import open_task


def names(world: World, task: str) -> list[str]:
    """The attachments of a task by name, the oldest first."""
    return [each["name"] for each in world.ask("GET", f"/task/{task}/attachment")]


def test_files_are_dropped_and_chosen_and_what_is_too_large_is_told_before(
    demo: Page, world: World, tmp_path: Path
) -> None:
    task = world.task("With documents", assignee="demo")
    small, large = tmp_path / "small.txt", tmp_path / "large.bin"
    small.write_text("a few words")
    large.write_bytes(b"\0" * 4_400_001)
    open_task(demo, world, task)
    demo.see("up to 4.4 MB each")

    demo.drop(".drop", small, large)
    demo.see("large.bin is larger than 4.4 MB.")
    demo.wait_for("document.querySelectorAll('.attachment').length === 1")
    assert names(world, task) == ["small.txt"]
    demo.pick(".drop [type=file]", small)
    demo.wait_for("document.querySelectorAll('.attachment').length === 2")

    demo.click(".attachment button[aria-label]")
    demo.until(lambda: len(names(world, task)) == 1)
    demo.wait_for("document.querySelectorAll('.attachment').length === 1")


def test_a_file_that_misses_the_field_is_attached_and_does_not_replace_the_page(
    demo: Page, world: World, tmp_path: Path
) -> None:
    task = world.task("With documents", assignee="demo")
    missed = tmp_path / "missed.txt"
    missed.write_text("a few words")
    open_task(demo, world, task)
    demo.drop("header.top", missed)
    demo.drop(".facts", missed)
    demo.until(lambda: bool(names(world, task)))
    assert demo.run("location.pathname") == "/inbox/"
    assert names(world, task) == ["missed.txt"]


def test_pictures_and_texts_are_shown_whatever_they_are_called(demo: Page, world: World) -> None:
    task = world.task("With pictures", assignee="demo")
    world.attach(task, "picture.exe", picture(300, 200))
    world.attach(task, "page.png", b"<script>document.title = 'owned'</script>")
    world.attach(task, "odd.pdf", b"\0\1\2\xff")
    open_task(demo, world, task)
    demo.wait_for("document.querySelectorAll('.attachment').length === 3")
    demo.run("document.querySelectorAll('.attachment [aria-expanded]').forEach(e => e.click())")

    demo.wait_for("document.querySelector('img.preview')?.naturalWidth === 300")
    demo.wait_for("document.querySelector('pre.preview')?.innerText.startsWith('<script>')")
    demo.see("There is no preview for this kind of file.")
    assert demo.run("document.title") == "With pictures · Inbox"


def test_a_pdf_is_drawn_and_can_be_read_aloud(demo: Page, world: World) -> None:
    task = world.task("With a letter", assignee="demo")
    world.attach(task, "letter.pdf", pdf("Dear friends", pages=12))
    open_task(demo, world, task)
    # As in a tab that nobody looks at yet.
    demo.run("window.requestAnimationFrame = () => 0")
    demo.click(".attachment button", "Preview")

    demo.see("These are the first 10 pages.")
    demo.wait_for(
        "document.querySelector('.pdf canvas')?.ariaLabel?.includes('Page 1 of 12. Dear friends')"
    )
    demo.wait_for(
        """(() => {
          const canvas = document.querySelector('.pdf canvas');
          const {width, height} = canvas;
          const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
          return data.some((value, index) => index % 4 === 0 && value < 64 && data[index + 3]);
        })()"""
    )
    assert demo.run("document.querySelector('.pdf').clientHeight") > 100


def test_a_pdf_that_is_damaged_is_told(demo: Page, world: World) -> None:
    task = world.task("With a damaged letter", assignee="demo")
    world.attach(task, "letter.pdf", b"%PDF-1.4\nnothing that can be drawn")
    open_task(demo, world, task)
    demo.click(".attachment button", "Preview")
    demo.see("There is no preview for this kind of file.")
