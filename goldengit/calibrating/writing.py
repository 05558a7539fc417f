"""Writing: the files of an evaluator in the work tree, all of them or none."""

from collections.abc import Iterable, Mapping

from goldengit.errors import RefusedEditError
from goldengit.repository.edits import Replacement, applied, content, editing, ignored
from goldengit.repository.store import Store


def present(store: Store, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Return the bytes of files of the work tree, None where there is no file."""
    return {path: content(store.repository, path) for path in paths}


def write(store: Store, files: Mapping[str, bytes], before: Mapping[str, bytes | None]) -> str:
    """Write files of the work tree, all or none; return what an interrupted command had left.

    Raises GoldengitError when one of them is not any more what it was `before`.
    """
    with editing(store.repository) as recovered:
        replacements = [Replacement(path, before[path], data) for path, data in files.items()]
        with applied(store.repository, replacements):
            return recovered


def refuse_ignored(store: Store, paths: Iterable[str]) -> None:
    """Raise RefusedEditError for a path that no commit would hold."""
    for path in ignored(store.repository, [*paths]):
        raise RefusedEditError(
            "Git ignores this path, so a commit would leave the file out.",
            remedy=f"`git check-ignore --verbose {path}` names the line; remove it.",
            place=path,
        )
