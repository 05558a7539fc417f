"""GG208: a file where nothing of its kind belongs."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.identity import is_case_id
from goldengit.models.layout import DATASETS, NAME, Kind, golden_path
from goldengit.rules.base import Rule

_WITH_FOLDER = 3  # components: root, the named folder, something in it
_FORMS = (
    "dataset.yaml, baseline.yaml, rubrics/<failure-mode>.<n>.md, attachments/<sha256>, "
    "queue/<id>.yaml, candidates/<id>.yaml, candidates/<id>.labels/<person>.yaml or "
    "golden/<YYYY-MM>/<id>.yaml"
)


class WrongPlace(Rule):
    """A data file is not where its dataset, its state and its id put it.

    ## What it does
    Reports every file below `datasets/` and `evaluators/` for which the layout has no place, above
    all a golden case whose folder is not the month of its id.

    ## Why it matters
    A path follows from an id, so a case is found without a search and cannot exist twice. A file
    in another place is read by nobody, or by the wrong one.

    ## Example
    `datasets/support/golden/2026-04/2026-03-02-refunds-7f3a9c.yaml`: the id is of March.

    ## How to fix
    Move it to its place, `git mv OLD NEW`, or delete it, `git rm PATH`.
    """

    code = "GG208"
    name = "wrong-place"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each file that is nowhere in the layout."""
        for file in change.files:
            if (
                file.after is not None
                and file.spot.kind is Kind.MISPLACED
                and not _misnamed(file.path)
            ):
                message, remedy = _explained(file.path)
                yield self.finding(file.path, message, remedy)


def _misnamed(path: str) -> bool:
    """Tell whether the name itself is bad, which GG202 reports."""
    parts = path.split("/")
    if len(parts) >= _WITH_FOLDER and not NAME.fullmatch(parts[1]):
        return True
    rows = parts[0] == DATASETS and parts[2:3] and parts[2] in {"queue", "candidates", "golden"}
    return bool(rows) and parts[-1].endswith(".yaml") and not _names_case(parts)


def _names_case(parts: list[str]) -> bool:
    return is_case_id(parts[-1].removesuffix(".yaml")) or is_case_id(
        parts[-2].removesuffix(".labels")
    )


def _explained(path: str) -> tuple[str, str]:
    parts = path.split("/")
    case = parts[-1].removesuffix(".yaml")
    if parts[0] == DATASETS and parts[2:3] == ["golden"] and is_case_id(case):
        right = golden_path(parts[1], case)
        return (
            f"The golden case {case} belongs into the folder of its month.",
            f"Run `git mv {path} {right}`.",
        )
    if parts[0] == DATASETS and len(parts) >= _WITH_FOLDER:
        return (
            f"Nothing has this place in a dataset: {_FORMS}.",
            f"Move it, or run `git rm '{path}'`.",
        )
    return (
        f"A file below {parts[0]}/ belongs into the folder of a named one.",
        f"Move it, or run `git rm '{path}'`.",
    )
