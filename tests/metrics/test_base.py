"""Base: what a metric costs to import, and what it says without its libraries."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.metrics.graded import jackknife
from goldengit.metrics.posterior import posterior
from tests.metrics.tables import table

PARTS = ("base", "graded", "multiclass", "posterior", "raters")


def test_importing_a_metric_imports_no_heavy_library() -> None:
    names = ", ".join(f"goldengit.metrics.{part}" for part in PARTS)
    program = f"import sys, {names}; print({{'numpy', 'scipy'}} & {{*sys.modules}})"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout.split() == [b"set()"]


@pytest.mark.parametrize("library", ["numpy", "scipy"])
def test_a_missing_library_is_one_sentence_with_its_remedy(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    metrics: tuple[Callable[[], object], ...] = (
        lambda: posterior(table(9, 1, 1, 9)),
        lambda: jackknife([1, 2] * 9, [2, 1] * 9, "kendall"),
    )
    for metric in metrics:
        with pytest.raises(CannotJudgeError) as caught:
            metric()
        assert caught.value.exit_code == 3
        assert str(caught.value) == (
            "Intervals and probabilities need numpy and scipy. Install `goldengit[stats]`."
        )
