"""The browser in which the living page and the site are tested and measured: Debian's Chromium, or its like."""

import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-extensions", "--no-first-run")


def program() -> str | None:
    """Return where it is, if there is one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)
