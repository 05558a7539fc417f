"""Scaffolding: what a repository needs before its first case. Nothing is ever overwritten."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from uuid import uuid4

from goldengit.errors import UsageError
from goldengit.models.change import REGULAR, Entry, File
from goldengit.models.layout import (
    ATTRIBUTES,
    ATTRIBUTES_LINES,
    NAME,
    POLICY,
    dataset_path,
    rubric_path,
)
from goldengit.models.policy import Person
from goldengit.models.reading import ReadLimits
from goldengit.models.schemas import SCHEMA_NAMES, schema_path, schema_text
from goldengit.repository import commits
from goldengit.repository.edits import Replacement, applied, content, editing
from goldengit.repository.interpret import interpret
from goldengit.repository.plumbing import Repository
from goldengit.repository.store import Store
from goldengit.repository.yaml_writer import write

HOOKS = ".pre-commit-config.yaml"
_MARK = "goldengit check"  # what a hook of ours runs, wherever its configuration came from


@dataclass(frozen=True)
class Answers:
    """What `init` has to know.

    `roster` names at least two persons who sign, one of them or another a maintainer; it may be
    empty where a policy stands already. `owner` is one of the roster. `protected_branches` empty
    means the branch that HEAD is on.
    """

    dataset: str
    owner: str
    failure_mode: str
    title: str
    roster: Mapping[str, Person] = field(default_factory=dict)
    description: str = ""
    author_counts_as_labeler: bool = False
    protected_branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What `init` did. Paths are sorted.

    `kept` existed and stayed as they were; `missing` are the lines that a kept file still needs,
    by path; `advice` says what to do next; `recovered` what an interrupted command had left.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    advice: tuple[str, ...]
    recovered: str = ""


def init(store: Store, answers: Answers) -> Scaffold:
    """Write policy, schemas, attributes, hooks and one dataset, all or none.

    In a repository that has them only what is missing is written, so it also adds a dataset, and
    a second call changes nothing. Raises UsageError for answers that do not fit.
    """
    repository = store.repository
    _refuse_misnamed(answers)
    with editing(repository) as recovered:
        wanted = dict(_wanted(repository, answers))
        present = {path: content(repository, path) for path in wanted}
        fresh = [
            Replacement(path, None, data) for path, data in wanted.items() if present[path] is None
        ]
        _refuse_unfit(answers, wanted | {p: d for p, d in present.items() if d is not None})
        with applied(repository, fresh):
            pass
    kept = {path: data for path, data in present.items() if data is not None}
    return Scaffold(
        written=tuple(sorted(file.path for file in fresh)),
        kept=tuple(sorted(kept)),
        missing=tuple(_missing(kept)),
        advice=_advice(answers) if fresh else (),
        recovered=recovered,
    )


# -- the files ---------------------------------------------------------------------------------


def _wanted(repository: Repository, answers: Answers) -> Iterator[tuple[str, bytes]]:
    yield POLICY, _policy(repository, answers)
    yield ATTRIBUTES, "".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode()
    yield HOOKS, _filled("pre-commit-config.yaml")
    for name in SCHEMA_NAMES:
        yield schema_path(name), schema_text(name).encode()
    path = dataset_path(answers.dataset)
    yield path, _dataset(answers)
    if content(repository, path) is None:  # else the dataset has failure modes of its own
        title = answers.title.rstrip(".")
        rubric = rubric_path(answers.dataset, answers.failure_mode, 1)
        yield rubric, _filled("rubric.md", TITLE=title)


def _policy(repository: Repository, answers: Answers) -> bytes:
    current = commits.current_branch(repository) or "main"
    roster = {
        name: person.model_dump(mode="json", exclude_defaults=True)
        for name, person in answers.roster.items()
    }
    written = write({"roster": roster}, first_line="#").decode().removeprefix("#\n")
    return _filled(
        "goldengit.yaml",
        REPOSITORY=str(uuid4()),
        BRANCHES=json.dumps(list(answers.protected_branches or (current,))),
        ROSTER=written,
        AUTHOR="true" if answers.author_counts_as_labeler else "false",
    )


def _dataset(answers: Answers) -> bytes:
    return _filled(
        "dataset.yaml",
        DATASET=json.dumps(answers.dataset),
        DESCRIPTION=json.dumps(answers.description, ensure_ascii=False),
        OWNER=json.dumps(answers.owner),
        MODE=json.dumps(answers.failure_mode),
        TITLE=json.dumps(answers.title, ensure_ascii=False),
    )


def _filled(template: str, **words: str) -> bytes:
    """Return a template with each `@WORD@` replaced."""
    text = files("goldengit").joinpath("templates", template).read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()


# -- what fits ---------------------------------------------------------------------------------


def _refuse_misnamed(answers: Answers) -> None:
    for name in (answers.dataset, answers.failure_mode):
        if not NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} is no name.",
                remedy="Use 2 to 63 lower-case letters, digits and hyphens, no hyphen first.",
            )


def _refuse_unfit(answers: Answers, found: Mapping[str, bytes]) -> None:
    """Raise UsageError unless policy and dataset read well together."""
    policy = _read(POLICY, found).policy
    _read(dataset_path(answers.dataset), found)
    if policy is not None and answers.owner not in policy.roster:
        raise UsageError(
            f"{answers.owner!r}, who is to own the queue, is not in the roster.",
            remedy=f"The roster has {', '.join(policy.roster)}.",
        )


def _read(path: str, found: Mapping[str, bytes]) -> File:
    data = found[path]
    file = interpret(Entry(path, REGULAR, ""), len(data), data, ReadLimits())
    if file.reading is not None and file.reading.refusals:
        refusal = file.reading.refusals[0]
        raise UsageError(refusal.message, remedy=refusal.remedy, place=f"{path}:{refusal.line}")
    return file


def _missing(kept: Mapping[str, bytes]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lines that files which were kept still need."""
    if ATTRIBUTES in kept:
        lines = kept[ATTRIBUTES].decode("utf-8", "replace").splitlines()
        wanted = tuple(line for line in ATTRIBUTES_LINES if line not in lines)
        if wanted:
            yield ATTRIBUTES, wanted
    if HOOKS in kept and _MARK.encode() not in kept[HOOKS]:
        template = _filled("pre-commit-config.yaml").decode().splitlines()
        yield HOOKS, tuple(template[template.index("repos:") + 1 :])


def _advice(answers: Answers) -> tuple[str, ...]:
    folder = dataset_path(answers.dataset).removesuffix("dataset.yaml")
    return (
        "Look at the files, then commit them: `git add --all && git commit`.",
        "Run `pre-commit install` once in each clone.",
        f"Put a first labelled row into {folder}candidates/, then run `goldengit promote ID`.",
    )
