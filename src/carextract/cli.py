"""The command line: data to standard output, everything else to standard error.

Exit codes: 0 done, 1 an input could not be processed, 2 wrong usage. What a command needs is
imported when it runs, so that `carextract --help` loads nothing but typer.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from carextract.errors import CarextractError, InputError, PatternError

if TYPE_CHECKING:
    from carextract.evaluate import Report, Tally
    from carextract.read import Source
    from carextract.records import Document
    from carextract.rules import Rule
    from carextract.tracked import TrackedText

app = typer.Typer(
    name="carextract",
    help="Cited facts (trials, doses, SLEDAI, CRS and ICANS) from papers on cell therapy in lupus.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
patterns_app = typer.Typer(
    help="The rules: run their examples, list them, explain one, start a new one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(patterns_app, name="patterns")


class Format(StrEnum):
    """How the facts are written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Ocr(StrEnum):
    """When pages of a PDF are read by character recognition."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Input = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A text file or PDF, or - for standard input.")
]
Password = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What opens the PDF, if it is locked.")
]
Recognise = Annotated[
    Ocr,
    typer.Option(
        "--ocr",
        help="Pages read by character recognition: those without text that can be believed, all,"
        " or none. Needs the extra: pip install 'carextract[ocr]'.",
    ),
]
Patterns = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="A folder of pattern files to add to the built-in ones."),
]


def main() -> NoReturn:
    """Run the command line. A user sees one line for what went wrong, and no traceback."""
    # Looking for plug-ins of pydantic, which this program has no use for, takes 15 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        app(prog_name="carextract")
    except InputError as error:
        _fail(_one_line(f"{error} [{error.code}]"))
    except CarextractError as error:
        _fail(_one_line(str(error)))
    except BrokenPipeError:
        _stdout_is_gone()
    except Exception as error:
        # Nothing that a user did: still one line, with what a report of the fault has to say.
        what = _one_line(f"{type(error).__name__}: {error}")
        _fail(f"internal error, please report it: {what}")
    sys.exit(0)


@app.callback(invoke_without_command=True)
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        import carextract

        _print(f"carextract {carextract.__version__}\n")
        raise typer.Exit


@app.command()
def parse(
    file: Input,
    *,
    output_format: Annotated[
        Format, typer.Option("--format", help="One document, or one fact a line.")
    ] = Format.JSON,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ] = None,
    patterns: Patterns = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when the document has warnings.")
    ] = False,
    password: Password = None,
    pages: Annotated[
        str | None, typer.Option(metavar="LIST", help="Only these pages of a PDF: 3-7, 1,4-6.")
    ] = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """The facts of a paper, each with its proof, as JSON."""
    from carextract.pipeline import parse_source
    from carextract.write import write_output

    _check_not_input(output, file)
    source = _read(file, password=password, pages=pages, ocr=ocr)
    document = parse_source(source, patterns=patterns)
    data = _formatted(document, output_format)
    if output is None:
        _print(data)
    else:
        write_output(output, data.encode("utf-8"))
    if strict and document.warnings:
        _fail("\n".join(f"{file}: {notice.message}" for notice in document.warnings))
    _say_what_was_left_out(file, source)


@app.command()
def text(
    file: Input,
    *,
    cleaned: Annotated[
        bool, typer.Option("--cleaned", help="What cleaning made of it, instead.")
    ] = False,
    edits: Annotated[
        bool, typer.Option("--edits", help="What cleaning changed, and where, instead.")
    ] = False,
    layout: Annotated[
        bool,
        typer.Option(
            "--layout",
            help="A picture (PNG) of a page of a PDF with what was read on it, instead: lines,"
            " columns, tables, and numbers in reading order.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Write here, whole or not at all."),
    ] = None,
    password: Password = None,
    pages: Annotated[
        str | None,
        typer.Option("--page", "--pages", metavar="LIST", help="Only these pages: 3, 3-7, 1,4-6."),
    ] = None,
    ocr: Recognise = Ocr.AUTO,
) -> None:
    """What was read: the text that all offsets count in."""
    from carextract.write import write_output

    if cleaned + edits + layout > 1:
        raise typer.BadParameter("choose one of --cleaned, --edits and --layout")
    _check_not_input(output, file)
    if layout:
        data = _drawn(file, password=password, page=pages, output=output)
    else:
        source = _read(file, password=password, pages=pages, ocr=ocr)
        data = _text_of(source, cleaned=cleaned, edits=edits).encode("utf-8", "surrogatepass")
        _say_what_was_left_out(file, source)
    if output is None:
        _write(data)
    else:
        write_output(output, data)


def _text_of(source: "Source", *, cleaned: bool, edits: bool) -> str:
    if not cleaned and not edits:
        return source.text
    from carextract.clean import clean

    tracked = clean(source.text, layout_known=source.pages is not None)
    return tracked.text if cleaned else "".join(_edit_lines(tracked))


def _drawn(file: str, *, password: str | None, page: str | None, output: Path | None) -> bytes:
    """The picture of a page; not for a terminal, which would show its bytes."""
    if page is None or not page.isdigit():
        raise typer.BadParameter("--layout draws one page: give its number with --page")
    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("--layout writes a picture: give a place for it with --output")
    from carextract.read import read_bytes
    from carextract.read.pdf.drawing import draw_page

    data = sys.stdin.buffer.read() if file == "-" else read_bytes(Path(file))
    label = "standard input" if file == "-" else file
    return draw_page(data, int(page), label=label, password=password)


@patterns_app.command("check")
def check_patterns(*, patterns: Patterns = None) -> None:
    """Run the examples of every rule."""
    from carextract.find.check import check_examples
    from carextract.rules import load_rules

    rules = load_rules(patterns, examples=True)
    problems = check_examples(rules)
    if problems:
        _print("".join(f"{p.file}: {p.rule}: {p.message}\n" for p in problems))
        _fail(f"{len(problems)} problems in {len(rules.entries)} rules")
    examples = sum(len(rule.examples) for rule in rules.entries)
    _print(f"{len(rules.entries)} rules, {examples} examples: every one finds what it says\n")


@patterns_app.command("list")
def list_patterns(*, patterns: Patterns = None) -> None:
    """Every rule, and in a line what it reads."""
    from carextract.rules import load_rules

    entries = load_rules(patterns, examples=True).entries
    width = max((len(rule.id) for rule in entries), default=0)
    _print("".join(f"{rule.id:<{width}}  {rule.about}\n" for rule in entries))


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
    _print("".join(f"{line}\n" for line in _rule_lines(entries[rule])))


@patterns_app.command("new")
def new_pattern(
    rule: Annotated[
        str, typer.Argument(metavar="KIND.NAME", help="Id of the new rule: dose.per-litre.")
    ],
) -> None:
    """Print a rule to fill in and to put into a pattern file."""
    import re

    if not re.fullmatch(r"(trial|dose|sledai|toxicity)\.[a-z0-9]+(-[a-z0-9]+)*", rule):
        raise typer.BadParameter(
            f"{rule!r} is no rule id: trial, dose, sledai or toxicity, a dot, and a name of small"
            " letters, digits and hyphens"
        )
    _print(_NEW_RULE.format(rule=rule))


@app.command()
def evaluate(
    gold: Annotated[
        Path, typer.Argument(metavar="GOLD.jsonl", help="Annotated passages, one object a line.")
    ],
    *,
    errors: Annotated[
        bool, typer.Option("--errors", help="Name every fact that was missed or is wrong.")
    ] = False,
    patterns: Patterns = None,
) -> None:
    """Precision, recall and F1 on passages of your own."""
    from carextract.evaluate import evaluate as run

    report = run(gold, patterns=patterns)
    _print("".join(f"{line}\n" for line in _report_lines(report, errors=errors)))


@app.command()
def schema() -> None:
    """The JSON Schema of the output."""
    import json

    from carextract.records import Document

    body = Document.model_json_schema(mode="serialization")
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    _print(json.dumps(dialect | body, ensure_ascii=False, indent=2) + "\n")


def _read(file: str, *, password: str | None, pages: str | None, ocr: Ocr) -> "Source":
    from carextract.read import PAGE_LIST, PdfOptions, Recognition, read, read_stdin

    if pages is not None and not PAGE_LIST.fullmatch(pages):
        raise typer.BadParameter(f"{pages!r} are no pages: give them as 3, 3-7 or 1,4-6")
    options = PdfOptions(
        password=password,
        pages=pages,
        recognition=Recognition(ocr.value),
        progress=_show_progress if sys.stderr.isatty() else None,
    )
    if file == "-":
        return read_stdin(sys.stdin.buffer, pdf=options)
    return read(Path(file), pdf=options)


def _show_progress(done: int, total: int) -> None:
    """One line of the terminal, written over as pages are recognised, and gone at the end."""
    line = f"recognising characters: page {done + 1} of {total}" if done < total else ""
    print(f"\r{line:<50}\r{line}", end="", file=sys.stderr, flush=True)  # noqa: T201


def _check_not_input(output: Path | None, file: str) -> None:
    if output is None or file == "-" or not (output.exists() and Path(file).exists()):
        return
    if output.samefile(file):
        raise CarextractError(f"{output}: is the input itself; give another place for the output")


def _say_what_was_left_out(file: str, source: "Source") -> None:
    """Pages that could not be read are in the warnings of the document, and said here too."""
    for notice in source.notices:
        _complain(f"{file}: {notice.message} [{notice.code}]")


def _formatted(document: "Document", output_format: Format) -> str:
    if output_format is Format.JSON:
        return document.model_dump_json(indent=2) + "\n"
    from carextract.write import to_csv, to_jsonl

    return to_jsonl(document) if output_format is Format.JSONL else to_csv(document)


def _edit_lines(tracked: "TrackedText") -> list[str]:
    """A line an edit, in the order of the source: step, line:column, before and after."""
    import re
    from bisect import bisect_left

    ends = [-1, *(found.start() for found in re.finditer("\n", tracked.source))]
    lines = []
    for edit in sorted(tracked.edits, key=lambda edit: edit.start):
        line = bisect_left(ends, edit.start)
        column = edit.start - ends[line - 1]
        change = f'"{_visible(edit.before)}" → "{_visible(edit.after)}"'
        lines.append(f"{edit.step}\t{line}:{column}\t{change}\n")
    return lines


def _visible(text: str) -> str:
    r"""A text on one line, with every character to be seen: what does not print is escaped.

    >>> print(_visible("细胞\n\u00ad/kg"))
    细胞\n\xad/kg
    """
    return "".join(
        c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in text
    )


def _rule_lines(rule: "Rule") -> list[str]:
    import json

    lines = [rule.id, f"  reads: {rule.about}", f"  kind:  {rule.kind}", f"  file:  {rule.file}"]
    for example in rule.examples:
        found = json.dumps([dict(fact) for fact in example.found], ensure_ascii=False)
        why = f" ({example.why})" if example.why else ""
        lines += ["", f"  {example.text}", f"    finds {found}{why}"]
    return lines


def _report_lines(report: "Report", *, errors: bool) -> list[str]:
    from carextract.evaluate import Tally

    lines = []
    if errors:
        lines = [f"{d.passage}  {d.what:<6}  {d.kind}  {d.fact}" for d in report.differences]
        lines += [""] if lines else []
    lines.append(
        f"{'':12}{'right':>7}{'missed':>8}{'wrong':>7}{'precision':>11}{'recall':>8}{'F1':>7}"
    )
    lines += [_tally_line(kind, tally) for kind, tally in report.tallies.items()]
    lines.append(_tally_line("all", sum(report.tallies.values(), Tally())))
    return lines


def _tally_line(name: str, tally: "Tally") -> str:
    shares = ["–" if s is None else f"{s:.3f}" for s in (tally.precision, tally.recall, tally.f1)]
    counts = f"{tally.right:>7}{tally.missed:>8}{tally.wrong:>7}"
    return f"{name:<12}{counts}{shares[0]:>11}{shares[1]:>8}{shares[2]:>7}"


def _print(data: str) -> None:
    """Write to standard output in UTF-8, whatever the locale; a text comes out as it was read."""
    _write(data.encode("utf-8", "surrogatepass"))


def _write(data: bytes) -> None:
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _stdout_is_gone()


def _stdout_is_gone() -> NoReturn:
    """The reader of the output went away, as `head` does: end as other programs do, quietly."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(128 + 13)


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _fail(message: str) -> NoReturn:
    for line in message.splitlines():
        _complain(line)
    sys.exit(1)


def _complain(line: str) -> None:
    print(f"carextract: {line}", file=sys.stderr)  # noqa: T201


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
