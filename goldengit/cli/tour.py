"""`goldengit tour`: the whole loop in a throw-away repository, narrated."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from goldengit.cli.terminal import say
from goldengit.errors import CannotJudgeError

if TYPE_CHECKING:
    from goldengit.cli.tour_stage import Stage

_NEEDED = ("numpy", "scipy")  # the extra `stats`: intervals of a calibration


def tour() -> int:
    """Walk through the whole loop in a throw-away repository.

    From labelled rows to golden cases, a calibrated evaluator and a blocked deploy. Nothing of
    yours is touched: the repository and the keys live in a temporary folder.
    """
    from goldengit.cli.tour_stage import Stage
    from goldengit.repository.sandbox import Sandbox

    if any(find_spec(name) is None for name in _NEEDED):
        raise CannotJudgeError(
            "The tour measures an evaluator, which needs numpy and scipy.",
            remedy="Install `goldengit[stats]`.",
        )
    home = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="goldengit-tour-") as folder:
        try:
            top = Path(folder) / "bike-shop"
            top.mkdir()
            os.chdir(top)
            _walk(Stage(Sandbox(top), Path(folder)))
        finally:
            os.chdir(home)
    return 0


def _walk(stage: "Stage") -> None:
    """Tell the story from the empty folder to the repaired release."""
    from goldengit.cli import tour_cases, tour_release

    tour_cases.walk(stage)
    tour_release.walk(stage)
    say("")
    stage.tell(
        "That was the loop. `goldengit init` starts a repository of your own; `goldengit "
        "explain GG303` shows the page behind any code you saw."
    )
