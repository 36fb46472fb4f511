"""The command line: data to standard output, everything else to standard error.

Exit codes: 0 done, 1 an input could not be processed, 2 wrong usage. What a command needs is
imported when it runs, so that `carextract --help` loads nothing but typer.
"""

import os
import signal
import sys
from typing import Annotated, NoReturn

import typer

from carextract.cli.annotate import annotate
from carextract.cli.batch import batch
from carextract.cli.evaluate import evaluate
from carextract.cli.parse import parse
from carextract.cli.patterns import patterns_app
from carextract.cli.report import report
from carextract.cli.schema import schema
from carextract.cli.studies import studies
from carextract.cli.synthesize import synthesize
from carextract.cli.table import table
from carextract.cli.terminal import fail, one_line, put, stdout_is_gone
from carextract.cli.text import text
from carextract.errors import CarextractError, InputError

app = typer.Typer(
    name="carextract",
    help="Cited facts (trials, doses, SLEDAI, CRS and ICANS) from papers on cell therapy in lupus.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(parse)
app.command()(batch)
app.command()(text)
app.command()(table)
app.command()(studies)
app.command()(synthesize)
app.command()(report)
app.command()(annotate)
app.add_typer(patterns_app, name="patterns")
app.command()(evaluate)
app.command()(schema)


def main() -> NoReturn:
    """Run the command line. A user sees one line for what went wrong, and no traceback."""
    # Looking for plug-ins of pydantic, which this program has no use for, takes 15 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Asked to end, as by `kill` or a queue, it ends as by Ctrl-C: nothing half written is left.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app(prog_name="carextract")
    except InputError as error:
        fail(one_line(f"{error} [{error.code}]"))
    except CarextractError as error:
        fail(one_line(str(error)))
    except BrokenPipeError:
        stdout_is_gone()
    except Exception as error:
        # Nothing that a user did: still one line, with what a report of the fault has to say.
        what = one_line(f"{type(error).__name__}: {error}")
        fail(f"internal error, please report it: {what}")
    sys.exit(0)


@app.callback(invoke_without_command=True)
def _root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        import carextract

        put(f"carextract {carextract.__version__}\n")
        raise typer.Exit
