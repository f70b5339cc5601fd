"""A real browser on a real desk; where there is none the tests say so and are left out."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.running import PASSWORD, Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or ""
SIZES = {"desk": (1280, 850), "telephone": (375, 800)}


def why_not() -> str:
    """Why there is no browser here, "" if there is one."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed (dependency group `browser`)"
    return "" if CHROMIUM else "there is no chromium (Debian: apt-get install chromium)"


def needs_browser() -> pytest.MarkDecorator:
    """Leave a test out where there is no browser; a place that must have one fails instead."""
    reason = "" if os.environ.get("MONITOR_NEEDS_BROWSER") else why_not()
    return pytest.mark.skipif(bool(reason), reason=reason)


@contextmanager
def browser() -> Iterator["Browser"]:
    """Debian's chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # In a container chromium's own sandbox has no rights to be made with.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


def inside(browser: "Browser", desk: Running, **how: Any) -> "Page":
    """A page of somebody who has come in."""
    visitor = desk.insider()
    context = browser.new_context(base_url=f"http://127.0.0.1:{desk.port}", **how)
    address = f"http://127.0.0.1:{desk.port}"
    for name, value in visitor.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    return context.new_page()


def watched(page: "Page") -> list[str]:
    """What goes wrong on a page from now on."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    return wrong


__all__ = ["PASSWORD", "SIZES", "browser", "inside", "needs_browser", "watched"]
