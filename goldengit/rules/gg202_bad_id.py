"""GG202: an id that does not have its form, or is not what the file name says."""

from collections.abc import Iterator

from goldengit.models.change import Change, File, FileChange
from goldengit.models.finding import Finding
from goldengit.models.identity import is_case_id
from goldengit.models.layout import DATASETS, EVALUATORS, NAME, Kind
from goldengit.rules.base import Rule

_WITH_FOLDER = 3  # components: root, the named folder, something in it
_ROW_FOLDERS = frozenset({"queue", "candidates", "golden"})


class BadId(Rule):
    """An id or a name does not have the prescribed form, or differs from the file name.

    ## What it does
    A row's id is `<YYYY-MM-DD>-<slug>-<6 hex>` in lower-case ASCII, at most 80 characters, names a
    day that exists, and equals the file name. Datasets and evaluators are named by lower-case
    letters, digits and hyphens. A label draft names its case and its person as its path does; a
    `dataset.yaml` names its folder.

    ## Why it matters
    Everything finds a case by its id. Two ids that look alike, or an id that differs from the
    path, let one case pass for another.

    ## Example
    `datasets/support/queue/2026-02-30-refunds-7f3a9c.yaml`: February has no 30th.

    ## How to fix
    Rename the file to its id with `git mv OLD NEW`, or repair the field that the message names.
    """

    code = "GG202"
    name = "bad-id"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each name that has no id's form and each field that differs."""
        for file in change.files:
            if file.after is not None:
                yield from self._of_path(file)
                yield from self._of_fields(file.after)

    def _of_path(self, file: FileChange) -> Iterator[Finding]:
        parts = file.path.split("/")
        if file.spot.kind is not Kind.MISPLACED or len(parts) < _WITH_FOLDER:
            return
        if not NAME.fullmatch(parts[1]):
            what = "dataset" if parts[0] == DATASETS else "evaluator"
            message = f"`{parts[1]}` is no name for {'a' if what == 'dataset' else 'an'} {what}."
            remedy = "Use 2 to 63 lower-case ASCII letters, digits and hyphens: `git mv OLD NEW`."
            yield self.finding(file.path, message, remedy)
        elif parts[0] != EVALUATORS and parts[2] in _ROW_FOLDERS and _is_bad_row_name(parts[3:]):
            message = f"`{parts[-1]}` is not named after a case id."
            remedy = "Name it `<YYYY-MM-DD>-<slug>-<6 hex>.yaml`: `git mv OLD NEW`."
            yield self.finding(file.path, message, remedy)

    def _of_fields(self, file: File) -> Iterator[Finding]:
        spot = file.spot
        expected = {
            Kind.QUEUE: {"id": spot.case},
            Kind.CANDIDATE: {"id": spot.case},
            Kind.GOLDEN: {"id": spot.case},
            Kind.LABELS: {"case": spot.case, "reviewer": spot.person},
            Kind.DATASET: {"name": spot.dataset},
        }.get(spot.kind, {})
        for key, wanted in expected.items():
            said = file.value.get(key)
            if said is not None and said != wanted:
                message = f"`{key}` is `{said}`, but the path says `{wanted}`."
                remedy = f"Write `{key}: {wanted}`, or rename the file with `git mv OLD NEW`."
                yield self.finding(file.path, message, remedy, line=file.line(key))


def _is_bad_row_name(rest: list[str]) -> bool:
    """Tell whether a misplaced file in a row folder is so because of its name."""
    return bool(rest) and rest[-1].endswith(".yaml") and not _named_after_case(rest)


def _named_after_case(rest: list[str]) -> bool:
    folder = rest[-2].removesuffix(".labels") if len(rest) > 1 else ""
    return is_case_id(rest[-1].removesuffix(".yaml")) or is_case_id(folder)
