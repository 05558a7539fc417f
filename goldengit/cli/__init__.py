"""The terminal: `goldengit` and `git golden`. One module a verb; exit codes are decided here.

0 ok, 1 findings or a no, 2 wrong usage, 3 could not judge, 4 nothing to judge, 130 interrupted.
Nothing heavy is imported before it is needed: `goldengit --version` and every hook start here.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goldengit.cli.call import Call

USAGE = 2
CANNOT_JUDGE = 3
INTERRUPTED = 130


def main() -> None:
    """Run the program on the words of the command line, and leave with its exit code."""
    sys.exit(run(sys.argv[1:], program=_program(sys.argv[0])))


def run(words: Sequence[str], program: str = "goldengit") -> int:
    """Run the program on these words and return the exit code. Raises nothing.

    The environment loses its `GIT_*` variables first: they would steer what Git reads.
    """
    try:
        return _guarded(words, program)
    except KeyboardInterrupt:
        return INTERRUPTED


def _guarded(words: Sequence[str], program: str) -> int:
    from goldengit.cli.call import Call, addresses
    from goldengit.cli.terminal import complain, farewell, settle
    from goldengit.errors import GoldengitError
    from goldengit.repository.environment import purge

    call = Call(program, addresses(os.environ))
    purge(os.environ)
    settle()
    try:
        code = _obey(words, call)
    except (BrokenPipeError, SystemExit):
        # Whoever read the output left before its end (typer answers that with SystemExit), so
        # nobody was told the verdict.
        code = CANNOT_JUDGE
    except GoldengitError as error:
        _trace(call)
        complain(str(error))
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - whatever escapes is a defect, and never a pass
        _trace(call)
        complain(_confession(error, call, words))
        code = CANNOT_JUDGE
    return farewell(code, CANNOT_JUDGE)


def _program(path: str) -> str:
    return "git golden" if path.rpartition(os.sep)[2] == "git-golden" else "goldengit"


def _obey(words: Sequence[str], call: "Call") -> int:
    import typer

    from goldengit.cli.app import command
    from goldengit.cli.terminal import complain

    try:
        code = command().main(list(words), prog_name=call.program, standalone_mode=False, obj=call)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else call.program
        said = error.format_message()
        complain(f"{said}{'' if said.endswith(('.', '?')) else '.'} See `{where} --help`.")
        return USAGE
    except typer.Abort:
        code = INTERRUPTED
    if code == INTERRUPTED:
        complain("Interrupted.")
    return code if isinstance(code, int) else 0


def _trace(call: "Call") -> None:
    if call.debug:
        import traceback

        traceback.print_exc()


def _confession(error: Exception, call: "Call", words: Sequence[str]) -> str:
    said = f"{type(error).__name__}: {error}".rstrip(": .")
    if call.debug:
        return f"This is a defect of goldengit ({said}). Please report it with the lines above."
    again = " ".join([call.program, "--debug", *words])
    return (
        f"This is a defect of goldengit ({said}), so nothing was judged. Please report it with "
        f"what `{again}` prints."
    )
