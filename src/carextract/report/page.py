"""The page: one HTML file that needs nothing else, written as it is made."""

import base64
import gzip
import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

_FOLDER = resources.files("carextract.report") / "page"
# In the order in which they need each other.
_SCRIPTS = (
    "elements",
    "words",
    "data",
    "decisions",
    "exports",
    "filters",
    "table",
    "picture",
    "fact",
    "cards",
    "studies",
    "papers",
    "plots-print",
    "plots",
    "overview",
    "keys",
    "facts",
    "routes",
    "main",
)


def page_parts(
    pieces: Iterable[tuple[str, bytes]], *, generator: str, plot_script: str
) -> Iterator[str]:
    """The page piece by piece. `pieces` are the data in it, by their ids; see `packed`.

    Nothing of a paper is written as markup: what the page shows of it is in the pieces, which are
    in Base64. The page may load nothing, and runs no script but its own two.
    """
    from jinja2 import Environment
    from markupsafe import Markup

    script = _script()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_allowed(script)} {_allowed(plot_script)}",
            "style-src 'unsafe-inline'",
            "img-src data:",
        ]
    )
    template = Environment(autoescape=True, trim_blocks=True).from_string(_read("page.html.jinja"))
    yield from template.generate(
        generator=generator,
        policy=policy,
        style=Markup(_read("style.css")),
        script=Markup(script),
        blobs=((name, base64.b64encode(data).decode()) for name, data in pieces),
    )


def packed(value: Any) -> bytes:
    """A value as JSON, compressed; a lone surrogate is its escape."""
    return compressed(json.dumps(value, separators=(",", ":"), allow_nan=False))


def compressed(text: str) -> bytes:
    """A text as the page keeps it: the same bytes every time."""
    return gzip.compress(text.encode(), mtime=0)


def words() -> dict[str, dict[str, str]]:
    """What the page says, by key and language."""
    return tomllib.loads(_read("words.toml"))


def _script() -> str:
    parts = "\n".join(_read(f"{name}.js") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _allowed(script: str) -> str:
    """A script as the policy of a page names it, so that no other one is run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
