"""Scaffolding: what a repository needs before its first case. Nothing is ever overwritten."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
from goldengit.models.policy import Person, Policy
from goldengit.models.protection import OWNERS_PLACES
from goldengit.models.reading import ReadLimits
from goldengit.models.schemas import SCHEMA_NAMES, schema_path, schema_text
from goldengit.repository import commits
from goldengit.repository.edits import Replacement, applied, content, editing
from goldengit.repository.interpret import interpret
from goldengit.repository.plumbing import Repository
from goldengit.repository.store import Store
from goldengit.repository.yaml_writer import write
from goldengit.scaffolding import github
from goldengit.scaffolding.filling import filled
from goldengit.scaffolding.github import Platform

__all__ = ["HOOKS", "Answers", "Platform", "Scaffold", "init"]

HOOKS = ".pre-commit-config.yaml"
_MARK = "goldengit check"  # what a hook of ours runs, wherever its configuration came from


@dataclass(frozen=True)
class Answers:
    """What `init` has to know.

    `roster` names at least two persons who sign, one of them or another a maintainer; it may be
    empty where a policy stands already. `owner` is one of the roster. `protected_branches` empty
    means the branch that HEAD is on. Without `dataset` none is written; `platform` says for which
    GitHub the gate is set up, None for none.
    """

    dataset: str = ""
    owner: str = ""
    failure_mode: str = ""
    title: str = ""
    roster: Mapping[str, Person] = field(default_factory=dict)
    description: str = ""
    author_counts_as_labeler: bool = False
    protected_branches: tuple[str, ...] = ()
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What `init` did. Paths are sorted.

    `kept` existed and stayed as they were; those of them in `differing` are files of the gate that
    are not what would have been written. `missing` are the lines that a kept file still needs, by
    path; `advice` says what to do next; `recovered` what an interrupted command had left.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    advice: tuple[str, ...]
    recovered: str = ""
    differing: tuple[str, ...] = ()


def init(store: Store, answers: Answers) -> Scaffold:
    """Write policy, schemas, attributes, hooks, one dataset and the platform's gate, all or none.

    In a repository that has them only what is missing is written, so it also adds a dataset, and
    a second call changes nothing. Raises UsageError for answers that do not fit.
    """
    repository = store.repository
    _refuse_misnamed(answers)
    with editing(repository) as recovered:
        wanted = dict(_wanted(repository, answers))
        present = {path: content(repository, path) for path in wanted}
        policy = _fitting(answers, wanted | _there(present))
        gate = _gate(repository, answers.platform, policy)
        wanted |= gate
        present |= {path: content(repository, path) for path in gate}
        fresh = [
            Replacement(path, None, data) for path, data in wanted.items() if present[path] is None
        ]
        with applied(repository, fresh):
            pass
    kept = _there(present)
    return Scaffold(
        written=tuple(sorted(file.path for file in fresh)),
        kept=tuple(sorted(kept)),
        missing=tuple(_missing(kept, answers.platform, policy)),
        advice=_advice(answers, policy) if fresh else (),
        recovered=recovered,
        differing=tuple(sorted(path for path in gate if path in kept and kept[path] != gate[path])),
    )


def _there(present: Mapping[str, bytes | None]) -> dict[str, bytes]:
    return {path: data for path, data in present.items() if data is not None}


# -- the files ---------------------------------------------------------------------------------


def _wanted(repository: Repository, answers: Answers) -> Iterator[tuple[str, bytes]]:
    yield POLICY, _policy(repository, answers)
    yield ATTRIBUTES, "".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode()
    yield HOOKS, filled("pre-commit-config.yaml")
    for name in SCHEMA_NAMES:
        yield schema_path(name), schema_text(name).encode()
    if not answers.dataset:
        return
    path = dataset_path(answers.dataset)
    yield path, _dataset(answers)
    if content(repository, path) is None:  # else the dataset has failure modes of its own
        title = answers.title.rstrip(".")
        rubric = rubric_path(answers.dataset, answers.failure_mode, 1)
        yield rubric, filled("rubric.md", TITLE=title)


def _policy(repository: Repository, answers: Answers) -> bytes:
    current = commits.current_branch(repository) or "main"
    roster = {
        name: person.model_dump(mode="json", exclude_defaults=True)
        for name, person in answers.roster.items()
    }
    written = write({"roster": roster}, first_line="#").decode().removeprefix("#\n")
    return filled(
        "goldengit.yaml",
        REPOSITORY=str(uuid4()),
        BRANCHES=json.dumps(list(answers.protected_branches or (current,))),
        ROSTER=written,
        AUTHOR="true" if answers.author_counts_as_labeler else "false",
        FORGE=f"{github.forge_section(answers.platform)}\n" if answers.platform else "",
    )


def _dataset(answers: Answers) -> bytes:
    return filled(
        "dataset.yaml",
        DATASET=json.dumps(answers.dataset),
        DESCRIPTION=json.dumps(answers.description, ensure_ascii=False),
        OWNER=json.dumps(answers.owner),
        MODE=json.dumps(answers.failure_mode),
        TITLE=json.dumps(answers.title, ensure_ascii=False),
    )


def _gate(
    repository: Repository, platform: Platform | None, policy: Policy | None
) -> dict[str, bytes]:
    if platform is None or policy is None:
        return {}
    if platform.action == github.HERE and content(repository, github.ACTION) is None:
        raise UsageError(
            f"--github {github.HERE}: this repository holds no {github.ACTION}.",
            remedy="Write OWNER/NAME@ and the 40 hex digits of a commit.",
        )
    return dict(github.files(platform, policy, _owners_file(repository)))


def _owners_file(repository: Repository) -> str:
    """Return where CODEOWNERS stands: a new one would take an older one's place unseen."""
    top = repository.top
    there = (path for path in OWNERS_PLACES if top is not None and (top / path).is_file())
    return next(there, github.CODEOWNERS)


# -- what fits ---------------------------------------------------------------------------------


def _refuse_misnamed(answers: Answers) -> None:
    for name in (answers.dataset, answers.failure_mode) if answers.dataset else ():
        if not NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} is no name.",
                remedy="Use 2 to 63 lower-case letters, digits and hyphens, no hyphen first.",
            )


def _fitting(answers: Answers, found: Mapping[str, bytes]) -> Policy | None:
    """Return the policy; raise UsageError unless it and the dataset read well together."""
    policy = _read(POLICY, found).policy
    if answers.dataset:
        _read(dataset_path(answers.dataset), found)
        if policy is not None and answers.owner not in policy.roster:
            raise UsageError(
                f"{answers.owner!r}, who is to own the queue, is not in the roster.",
                remedy=f"The roster has {', '.join(policy.roster)}.",
            )
    return policy


def _read(path: str, found: Mapping[str, bytes]) -> File:
    data = found[path]
    file = interpret(Entry(path, REGULAR, ""), len(data), data, ReadLimits())
    if file.reading is not None and file.reading.refusals:
        refusal = file.reading.refusals[0]
        raise UsageError(refusal.message, remedy=refusal.remedy, place=f"{path}:{refusal.line}")
    return file


def _missing(
    kept: Mapping[str, bytes], platform: Platform | None, policy: Policy | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the lines that files which were kept still need."""
    if platform and POLICY in kept and policy is not None and policy.forge is None:
        alone = "# In a change of its own, with `version` raised:"
        yield POLICY, (alone, *github.forge_section(platform).splitlines())
    if ATTRIBUTES in kept:
        lines = kept[ATTRIBUTES].decode("utf-8", "replace").splitlines()
        wanted = tuple(line for line in ATTRIBUTES_LINES if line not in lines)
        if wanted:
            yield ATTRIBUTES, wanted
    if HOOKS in kept and _MARK.encode() not in kept[HOOKS]:
        template = filled("pre-commit-config.yaml").decode().splitlines()
        yield HOOKS, tuple(template[template.index("repos:") + 1 :])


def _advice(answers: Answers, policy: Policy | None) -> tuple[str, ...]:
    told = ["Look at the files, then commit them: `git add --all && git commit`."]
    if answers.dataset:
        folder = dataset_path(answers.dataset).removesuffix("dataset.yaml")
        told += [
            "Run `pre-commit install` once in each clone.",
            f"Put a first labelled row into {folder}candidates/, then run `goldengit promote ID`.",
        ]
    if answers.platform and policy:
        told += github.advice(answers.platform, policy)
    return tuple(told)
