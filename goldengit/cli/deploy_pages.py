"""How the deploy gate's judgement is told: on a terminal, on a job's page, and to programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from goldengit.cli.tables import (
    BOLD,
    GREEN,
    RED,
    YELLOW,
    code,
    markdown_table,
    painted,
    sentence,
    table,
)
from goldengit.reporters.base import counted, visible

if TYPE_CHECKING:
    from goldengit.gating import Gated
    from goldengit.gating.judgement import CaseNote, Comparison, Judgement, Part

_COLOURS = {"PASS": GREEN, "WARN": YELLOW, "INCONCLUSIVE": YELLOW, "BLOCK": RED}
_HEAD = ("part", "ruling", "pairs", "before", "after", "lost", "gained", "drop", "p", "sees")
_ON_TERMINAL, _ON_PAGE = 12, 50  # cases of a list; the JSON holds all
_REASON = 200
Row = tuple[str, ...]


def as_text(gated: "Gated") -> str:
    """Return a judgement for people: the verdict, the parts, the cases, what to do."""
    return "\n".join(_text(gated)) + "\n"


def _text(gated: "Gated") -> Iterator[str]:
    judged = gated.judgement
    word = judged.ruling.name
    yield f"{painted(word, _COLOURS[word])}  {visible(compared_with(gated))}"
    yield ""
    yield from table(_HEAD, [cells(part) for part in judged.parts], _COLOURS)
    yield ""
    width = max(len(part.name) for part in judged.parts)
    yield from (f"  {part.name:<{width}}  {visible(part.reason)}" for part in judged.parts)
    for title, notes in lists(judged):
        yield f"\n{painted(f'{title} ({len(notes):,})', BOLD)}"
        for note in notes[:_ON_TERMINAL]:
            yield f"  {path_of(gated, note)}"
            yield from [f"      {said}"] if (said := _said(note)) else []
        if len(notes) > _ON_TERMINAL:
            yield f"  … and {len(notes) - _ON_TERMINAL:,} more; --format json lists all of them"
    yield ""
    yield from (visible(line) for line in remarks(judged))
    remedies = remedies_of(judged)
    if remedies:
        yield f"\n{painted('Next:', BOLD)}"
        yield from (f"  {visible(remedy)}" for remedy in remedies)


def as_markdown(gated: "Gated", links: str = "") -> str:
    """Return a judgement as a page in GitHub-flavoured Markdown.

    `links` is an address with `{commit}` and `{path}` in it, "" for no links. What people or models
    wrote stands in code spans, in which no forge sees links, mentions or marks.
    """
    return "\n".join(_page(gated, links)) + "\n"


def _page(gated: "Gated", links: str) -> Iterator[str]:
    judged = gated.judgement
    yield f"## Deploy gate: {judged.ruling.name}\n"
    yield (
        f"{code(gated.ground.dataset)}: {code(gated.candidate)} against "
        + (f"{code(gated.baseline)}" if gated.baseline else "no baseline")
        + f", by commit {code(gated.ground.commit[:12])}.\n"
    )
    yield from markdown_table(
        (*_HEAD, "why"), [(*cells(part), sentence(part.reason)) for part in judged.parts]
    )
    for title, notes in lists(judged):
        yield f"\n<details open><summary>{title}: {counted(len(notes), 'case')}</summary>\n"
        yield from markdown_table(
            ("case", "evaluator", "reason"),
            [
                (_linked(gated, note, links), note.evaluator, code(note.reason))
                for note in notes[:_ON_PAGE]
            ],
        )
        if len(notes) > _ON_PAGE:
            yield f"\nAnd {len(notes) - _ON_PAGE:,} more."
        yield "\n</details>"
    yield ""
    yield from (f"- {sentence(line)}" for line in remarks(judged))
    remedies = remedies_of(judged)
    if remedies:
        yield "\n**Next**\n"
        yield from (f"- {sentence(remedy)}" for remedy in remedies)


def unjudged_page(problem: str) -> str:
    """Return the page of a gate that could not judge at all, for a reason in one sentence."""
    return f"## Deploy gate: INCONCLUSIVE\n\n{sentence(problem)}\n"


# -- what every page says --------------------------------------------------------------------


def compared_with(gated: "Gated") -> str:
    """Return which releases are compared, on what, in one line."""
    against = f"against {gated.baseline}" if gated.baseline else "against no baseline"
    return f"{gated.ground.dataset}: {gated.candidate} {against}, by {gated.ground.commit[:12]}"


def cells(part: "Part") -> Row:
    """Return a part as a row; what nobody compared has no numbers."""
    found = part.compared
    if found is None:
        return (part.name, part.ruling.name, "", "", "", "", "", "", "", "")
    return (
        part.name,
        part.ruling.name,
        f"{found.n:,}",
        f"{found.before:.3f}",
        f"{found.after:.3f}",
        f"{found.lost:,}",
        f"{found.gained:,}",
        f"{found.drop:.3f}",
        f"{found.p:.4f}" if found.p >= 0.0001 else "<0.0001",  # noqa: PLR2004 the last digit told
        "" if part.smallest is None else f"{part.smallest:.2f}",
    )


def lists(judged: "Judgement") -> "Iterator[tuple[str, tuple[CaseNote, ...]]]":
    """Yield the lists of cases that are not empty, each with its title."""
    from goldengit.gating.judgement import CaseNote

    unknown = tuple(note for note in judged.unknown if note.case not in judged.missing)
    every = (
        ("Critical and not passed", judged.critical),
        ("Lost", judged.lost),
        ("Gained", judged.gained),
        ("Unknown", unknown),
        ("Not run by the candidate", tuple(map(CaseNote, judged.missing))),
    )
    yield from ((title, notes) for title, notes in every if notes)


def remarks(judged: "Judgement") -> Iterator[str]:
    """Yield, in full sentences, what the numbers rest on and what they cannot see."""
    repeats, since = judged.repeats, judged.since
    flips = "nobody knows how many" if repeats.flips is None else f"{repeats.flips:.1%}"
    for part in judged.of("whole"):
        yield (
            f"Runs of each case compared: {repeats.used} (needed: {repeats.needed}); {flips} of "
            "the cases flip between two runs of the same release."
        )
        yield _seen(part, known=repeats.flips is not None)
    if judged.corrected is not None:
        yield f"Corrected for the errors of its one judge, the drop is {judged.corrected:.3f}."
    if judged.uncorrected:
        yield judged.uncorrected
    if since.ended:
        ended = ", ".join(f"{case} ({how})" for case, how in since.ended.items())
        yield f"Ended since the baseline ran: {counted(len(since.ended), 'case')}: {ended}."
    for title, cases in (
        ("New since the baseline ran", since.added),
        ("Run by the baseline and not in this tree", since.absent),
        ("With another digest than the baseline ran", since.changed),
    ):
        if cases:
            yield f"{title}: {counted(len(cases), 'case')}: {', '.join(cases)}."


def _seen(part: "Part", *, known: bool) -> str:
    if part.smallest is None:
        return "No drop would be seen reliably on this many cases."
    least = "" if known else "at best "
    return (
        f"The smallest drop seen in four of five releases on this set is {least}{part.smallest}; "
        "`sees` says it of each part."
    )


def remedies_of(judged: "Judgement") -> list[str]:
    """Return what to do, the worst part's remedy first, each once."""
    parts = sorted(judged.parts, key=lambda part: -part.ruling)
    return list(dict.fromkeys(part.remedy for part in parts if part.remedy and part.ruling))


def path_of(gated: "Gated", note: "CaseNote") -> str:
    """Return the path of a case in the repository."""
    from goldengit.models.layout import golden_path

    return golden_path(gated.ground.dataset, note.case)


def _linked(gated: "Gated", note: "CaseNote", links: str) -> str:
    link = link_of(gated, note, links)
    return f"[{note.case}]({link})" if link else f"`{path_of(gated, note)}`"


def link_of(gated: "Gated", note: "CaseNote", links: str) -> str:
    """Return the address of a case at the commit, "" without a template."""
    path = path_of(gated, note)
    return links.replace("{commit}", gated.ground.commit).replace("{path}", path)


def _said(note: "CaseNote") -> str:
    return ": ".join(filter(None, (note.evaluator, visible(note.reason, _REASON))))


# -- to programs -----------------------------------------------------------------------------


def as_record(gated: "Gated", links: str = "") -> dict[str, Any]:
    """Return a judgement as `goldengit/deploy/v1`, a shape that only ever gains keys."""
    judged, report = gated.judgement, gated.report
    return {
        "schema": "goldengit/deploy/v1",
        "ruling": judged.ruling.name,
        "dataset": gated.ground.dataset,
        "commit": gated.ground.commit,
        "candidate": gated.candidate,
        "baseline": gated.baseline or None,
        "repeats": judged.repeats,
        "corrected_drop": judged.corrected,
        "parts": [_part(part) for part in judged.parts],
        "cases": {
            name: [_case(gated, note, links) for note in notes]
            for name, notes in (
                ("critical", judged.critical),
                ("lost", judged.lost),
                ("gained", judged.gained),
                ("unknown", judged.unknown),
            )
        },
        "missing": judged.missing,
        "since_baseline": judged.since,
        "evaluators": judged.evaluators,
        "findings": [
            {"rule": one.rule, "place": str(one.place), "severity": one.severity.label}
            for one in report.findings
        ],
    }


def _part(part: "Part") -> dict[str, Any]:
    numbers: dict[str, Comparison | None] = {"worst": part.compared, "best": part.best}
    return {
        "kind": part.kind,
        "name": part.name,
        "ruling": part.ruling.name,
        "rule": part.rule or None,
        "reason": visible(part.reason),
        "remedy": part.remedy,
        "smallest_drop_seen": part.smallest,
        **numbers,
    }


def _case(gated: "Gated", note: "CaseNote", links: str) -> dict[str, str | None]:
    return {
        "case": note.case,
        "path": path_of(gated, note),
        "link": link_of(gated, note, links) or None,
        "evaluator": note.evaluator or None,
        "reason": visible(note.reason),
    }
