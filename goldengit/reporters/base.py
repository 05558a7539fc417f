"""What reporters share: a rule's page, the summary, and how repository text is made harmless."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from goldengit.models.finding import Finding, Report, Severity

LONGEST = 600  # characters of a message or a remedy that are shown
LONGEST_PATH = 1024
WHOLE = "."  # the path of a finding about no file in particular

_ORDINARY = re.compile(r"[ -~]*", re.ASCII)
_LATIN, _BASIC = 0xFF, 0xFFFF  # up to where two, and four, hex digits tell a character
_BYTE = range(0xDC80, 0xDD00)  # how Python holds a byte of a path that is no UTF-8


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule says about itself. `text` is the Markdown below the title line."""

    code: str
    name: str
    title: str
    text: str
    severity: Severity = Severity.ERROR
    since: str = ""
    waivable: bool = False
    judges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about a rendering that is not in the report.

    `width` is the number of columns, None when lines may be as long as they are; `elsewhere`
    counts findings that were left out because only some paths were asked for.
    """

    version: str
    pages: Mapping[str, Page] = field(default_factory=dict)
    colour: bool = False
    width: int | None = None
    elsewhere: int = 0


def visible(text: str, longest: int = LONGEST) -> str:
    r"""Return repository text so that it can only be read: on one line, cut, nothing hidden.

    What a terminal or a reader would obey or not show becomes an escape such as `\x1b`. The two
    forms by which a line of a log becomes a workflow command are broken up.
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    if _ORDINARY.fullmatch(cut) is None:
        cut = "".join(_shown(character) for character in cut)
    cut = cut.replace("##[", "\\x23#[")
    return cut.replace("::", "\\x3a:", 1) if cut.lstrip().startswith("::") else cut


def visible_path(text: str) -> str:
    """Return a path as `visible` returns text, cut only where no real path is that long."""
    return visible(text, LONGEST_PATH)


def _shown(character: str) -> str:
    # Not printable are controls, formats (bidirectional and zero-width ones among them),
    # surrogates, private and unassigned characters, separators; of these, spaces of other scripts
    # do no harm.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    number = ord(character)
    if number in _BYTE:
        number -= 0xDC00
    if number <= _LATIN:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= _BASIC else f"\\U{number:08x}"


def sentence(finding: Finding) -> str:
    """Return message and remedy of a finding on one line."""
    return f"{visible(finding.message)} {visible(finding.remedy)}".strip()


def summary(report: Report, look: Look) -> str:
    """Return the one line that ends every report for people: verdict, counts, what was compared."""
    counts = [
        counted(report.count(severity), severity.label)
        for severity in sorted(Severity, reverse=True)
        if report.count(severity)
    ]
    judged = f"{counted(report.judged, 'file')} judged" if report.judged else "no data file changed"
    more = [
        counted(report.unconfirmed, "signoff") + " not confirmed yet" if report.unconfirmed else "",
        counted(len(report.waived), "finding") + " waived" if report.waived else "",
        counted(look.elsewhere, "finding") + " elsewhere" if look.elsewhere else "",
    ]
    said = "; ".join(part for part in [", ".join(counts), judged, *more] if part)
    verdict = "Failed" if report.failed else "Passed"
    return f"{verdict}: {said} ({visible(report.source)})."


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 error`, `3,000 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
