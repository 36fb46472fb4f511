"""`carextract patterns`: the rules."""

from typing import TYPE_CHECKING, Annotated

import typer

from carextract.cli.options import Patterns
from carextract.cli.terminal import fail, put
from carextract.errors import PatternError

if TYPE_CHECKING:
    from carextract.rules import Rule

patterns_app = typer.Typer(
    help="The rules: run their examples, list them, explain one, start a new one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@patterns_app.command("check")
def check_patterns(*, patterns: Patterns = None) -> None:
    """Run the examples of every rule."""
    from carextract.find.check import check_examples
    from carextract.rules import load_rules

    rules = load_rules(patterns, examples=True)
    problems = check_examples(rules)
    if problems:
        put("".join(f"{p.file}: {p.rule}: {p.message}\n" for p in problems))
        fail(f"{len(problems)} problems in {len(rules.entries)} rules")
    examples = sum(len(rule.examples) for rule in rules.entries)
    put(f"{len(rules.entries)} rules, {examples} examples: every one finds what it says\n")


@patterns_app.command("list")
def list_patterns(*, patterns: Patterns = None) -> None:
    """Every rule, and in a line what it reads."""
    from carextract.rules import load_rules

    entries = load_rules(patterns, examples=True).entries
    width = max((len(rule.id) for rule in entries), default=0)
    put("".join(f"{rule.id:<{width}}  {rule.about}\n" for rule in entries))


@patterns_app.command("show")
def show_pattern(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule, as in the output.")],
    *,
    patterns: Patterns = None,
) -> None:
    """Explain a rule: what it reads, from which file, with its examples."""
    from carextract.rules import load_rules

    entries = {entry.id: entry for entry in load_rules(patterns, examples=True).entries}
    if rule not in entries:
        from difflib import get_close_matches

        near = get_close_matches(rule, entries, n=3)
        advice = f"did you mean {' or '.join(near)}?" if near else "see carextract patterns list"
        raise PatternError(f"{rule}: no such rule; {advice}")
    put("".join(f"{line}\n" for line in _rule_lines(entries[rule])))


@patterns_app.command("new")
def new_pattern(
    rule: Annotated[
        str, typer.Argument(metavar="KIND.NAME", help="Id of the new rule: dose.per-litre.")
    ],
) -> None:
    """Print a rule to fill in and to put into a pattern file."""
    import re

    if not re.fullmatch(r"(trial|dose|sledai|toxicity|study)\.[a-z0-9]+(-[a-z0-9]+)*", rule):
        raise typer.BadParameter(
            f"{rule!r} is no rule id: trial, dose, sledai, toxicity or study, a dot, and a name of"
            " small letters, digits and hyphens"
        )
    put(_NEW_RULE.format(rule=rule))


def _rule_lines(rule: "Rule") -> list[str]:
    import json

    lines = [rule.id, f"  reads: {rule.about}", f"  kind:  {rule.kind}", f"  file:  {rule.file}"]
    for example in rule.examples:
        found = json.dumps([dict(fact) for fact in example.found], ensure_ascii=False)
        why = f" ({example.why})" if example.why else ""
        lines += ["", f"  {example.text}", f"    finds {found}{why}"]
    return lines


_NEW_RULE = """\
[[rule]]
id     = "{rule}"
about  = "the statement it reads, as it is printed: one form in each language"
tokens = "FIRST field:SECOND"

[[rule.example]]
text   = "a sentence in English that says it"
found  = [{{ quote = "the words that decide" }}]

[[rule.example]]
text   = "一句这样说的中文"
found  = [{{ quote = "起决定作用的字" }}]

[[rule.example]]
text   = "a sentence that looks like it and says something else"
found  = []
why    = "what it says instead"
"""
