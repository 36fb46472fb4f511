"""Pattern files that hold every built-in rule again, under other names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from carextract.rules import builtin_patterns_dir

_RULE = re.compile(r"^\[\[rule\]\]\n.*?(?=^\[|\Z)", re.M | re.S)
_ID = re.compile(r'^(id\s*=\s*"[^"]+)"', re.M)


def write_copies(folder: Path, *, copies: int) -> int:
    """Write the rules of every file `copies` times into a folder of pattern files, without their
    examples and words; gives the number of rules written."""
    written = 0
    for path in sorted(builtin_patterns_dir().glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        rules = _RULE.findall(text)
        if not rules:
            continue
        kind = tomllib.loads(text)["kind"]
        blocks = [_ID.sub(rf'\g<1>-{n}"', rule) for n in range(2, copies + 2) for rule in rules]
        head = f'about = "Copies of the rules of {path.name}."\nkind = "{kind}"\n\n'
        (folder / f"{path.stem}-copies.toml").write_text(head + "\n".join(blocks), encoding="utf-8")
        written += len(blocks)
    return written
