"""The command `whoholds`: one file a command group, put together here."""

from __future__ import annotations

import os
import sys

import typer

from whoholds import __version__
from whoholds.cli import (
    assess,
    changes,
    checks,
    control,
    demo,
    doctor,
    evaluate,
    exchange,
    learn,
    ledger,
    places,
    read,
    serve,
    why,
)
from whoholds.cli.console import err
from whoholds.cli.exits import DONE, USAGE, exit_status
from whoholds.errors import WhoholdsError

__all__ = ["app", "run"]

# Typer carries its own click from 0.29 on, and names this base nowhere in public.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="whoholds",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Who holds what, according to whom, since when: from reports to a dated, probabilistic record of "
    "control in which every square kilometre leads back to sentences.",
    epilog="Example: whoholds demo",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"whoholds {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
    debug: bool = typer.Option(False, "--debug", envvar="WHOHOLDS_DEBUG", help="Show tracebacks of bugs."),
) -> None:
    """Options of every command."""
    del version
    if debug:
        os.environ["WHOHOLDS_DEBUG"] = "1"


for group in (
    read,
    ledger,
    assess,
    exchange,
    learn,
    control,
    why,
    checks,
    changes,
    serve,
    demo,
    evaluate,
    doctor,
):
    group.register(app)
app.add_typer(places.app, name="places", help="Find places, show them, import gazetteers.")


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with the status of the contract. No traceback reaches a user."""
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    debug = bool(os.environ.get("WHOHOLDS_DEBUG")) or "--debug" in (arguments or sys.argv)
    try:
        result = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except _UsageError as error:
        # Without arguments the message is the help itself.
        show = getattr(error, "format_message", error.__str__)
        message = show()
        err.print(message if "\n" in message else f"whoholds: {message} See whoholds --help.", markup=False)
        return USAGE
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        err.print("stopped")
        return 130
    except (BrokenPipeError, SystemExit):
        # The reader of our output (head, less) has gone: no error of ours. Typer makes an exit of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return DONE
    except (WhoholdsError, OSError) as error:
        if debug:
            raise
        err.print(f"whoholds: {_one_line(error)}", markup=False)
        return exit_status(error)
    except Exception as error:
        if debug:
            raise
        err.print(
            f"whoholds: a bug: {type(error).__name__}: {error}; run again with --debug and report it",
            markup=False,
        )
        return exit_status(error)
    return result if isinstance(result, int) else DONE


def _one_line(error: BaseException) -> str:
    if isinstance(error, OSError) and not isinstance(error, WhoholdsError) and error.strerror:
        return f"{error.filename or 'file'}: {error.strerror}"
    return " ".join(str(error).split())
