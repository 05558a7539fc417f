"""What each format says, byte for byte, and that no repository text can make it say more."""

import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from goldengit.models.finding import Finding, Report, Severity
from goldengit.reporters import REPORTERS
from goldengit.reporters.base import Look, visible
from tests.reporters.reports import CASE, LOOK, finding, report, usual

HERE = Path(__file__).parent
HOSTILE = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=20),
    st.lists(
        st.sampled_from(
            [
                "\x1b[2J\x1b]0;owned\x07",
                "\n::error file=x::owned",
                "::stop-commands::owned",
                "##[add-mask]owned",
                "]]>",
                "<failure/>",
                "%0A::set-output name=x::y",
                "\u202e",
                "\ud800",
                "\udcff",
                "\r",
                "&",
                '"',
                ",file=other",
            ]
        )
    ).map("".join),
)
FINDINGS = st.builds(
    finding,
    path=HOSTILE.filter(bool),
    line=st.integers(0, 10**6),
    message=HOSTILE,
    remedy=HOSTILE,
    severity=st.sampled_from(Severity),
)


def is_seen(character: str) -> bool:
    """Tell whether a character is printed and not obeyed, a space of any script included."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


REPORTS = st.lists(FINDINGS, max_size=4).map(lambda found: report(*found))


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_a_format_is_what_it_was(name: str) -> None:
    """Each format of the usual report equals the recorded one."""
    expected = (HERE / "recorded" / f"{name}.txt").read_text(encoding="utf-8")
    assert expected == REPORTERS[name](usual(), LOOK)


@pytest.mark.parametrize("columns", [80, 120])
def test_text_fits_the_terminal_but_for_commands_and_paths(columns: int) -> None:
    """Lines are no longer than the terminal unless a command or a path is."""
    text = REPORTERS["text"](usual(), Look("0.1.0", width=columns))
    long = [line for line in text.splitlines() if len(line) > columns]
    assert [] == [line for line in long if "`" not in line and "/" not in line]


def test_a_command_is_never_broken_across_lines() -> None:
    """What stands between backticks can be copied as one line."""
    command = "`git restore --source=main --staged --worktree -- FILE`"
    assert command in REPORTERS["text"](usual(), Look("0.1.0", width=40))


def test_colour_says_what_the_words_say() -> None:
    """Without its colours, the coloured text is the plain text."""
    coloured = REPORTERS["text"](usual(), Look("0.1.0", colour=True, elsewhere=2))
    assert "\x1b[31;1m" in coloured
    assert REPORTERS["text"](usual(), LOOK) == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


@pytest.mark.parametrize("name", sorted(REPORTERS))
def test_a_report_without_findings_says_passed(name: str) -> None:
    """Nothing found is said, in every format for people."""
    text = REPORTERS[name](Report("main → the index", (), judged=3), LOOK)
    assert {"text": "Passed: 3 files judged", "github": "Passed: 3 files", "json": '"passed"'}.get(
        name, ""
    ) in text


@given(HOSTILE)
def test_visible_text_is_one_line_of_visible_characters(text: str) -> None:
    """Nothing that a terminal obeys or hides is left."""
    shown = visible(text)
    assert all(is_seen(character) for character in shown)
    assert len(shown) <= 600 * 10
    assert "##[" not in shown
    assert not shown.lstrip().startswith("::")


def test_visible_text_keeps_what_people_write() -> None:
    """Letters of any script, and dashes, stay as they are."""
    assert "Größe → 大小, naïve" == visible("Größe → 大小, naïve")


def test_visible_text_shows_the_byte_of_a_path_that_is_no_utf8() -> None:
    """A surrogate that stands for a byte becomes that byte's escape."""
    assert r"a\xffb\x1b\u202e" == visible(
        b"a\xffb\x1b".decode("utf-8", "surrogateescape") + "\u202e"
    )


def test_long_text_is_cut() -> None:
    """A message of a megabyte does not flood a log."""
    assert 600 == len(visible("x" * 1_000_000))


@given(REPORTS)
def test_no_text_issues_a_workflow_command(hostile: Report) -> None:
    """Only our own commands stand at the start of a line, one for each annotated finding."""
    lines = REPORTERS["github"](hostile, LOOK).split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith("::stop-commands::"))
    token = lines[start].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{64}", token)
    assert [f"::{token}::", ""] == lines[-2:]
    assert start == len(hostile.findings)
    for line in lines[:start]:
        assert re.fullmatch(r"::(error|warning|notice) [^:]*::[^\r\n]*", line)
        properties = line.split("::")[1].split(" ", 1)[1].split(",")
        assert [one.split("=")[0] for one in properties] in (
            ["file", "title"],
            ["file", "line", "title"],
            ["title"],
            ["line", "title"],
        )
    inside = lines[start + 1 : -2]
    assert not [line for line in inside if line.lstrip().startswith("::") or "##[" in line]


def test_a_line_feed_in_a_message_stays_in_its_annotation() -> None:
    """A message cannot begin a line, whichever way it writes the line feed."""
    text = REPORTERS["github"](report(finding(message="one\n::error::two%0A::error::three")), LOOK)
    assert 1 == sum(line.startswith("::error") for line in text.splitlines())
    assert "%250A" in text


def test_properties_of_an_annotation_are_escaped() -> None:
    """A comma or a colon in a path adds no property."""
    text = REPORTERS["github"](report(finding(path="a,line=1:b%.yaml", line=7)), LOOK)
    assert text.startswith("::error file=a%2Cline=1%3Ab%25.yaml,line=7,title=GG303 golden-edited::")


def test_github_shows_ten_annotations_and_tells_the_rest() -> None:
    """Of twelve errors ten are annotations, and two stand in the log."""
    lines = REPORTERS["github"](
        report(*(finding(line=at) for at in range(1, 13))), LOOK
    ).splitlines()
    assert 10 == sum(line.startswith("::error ") for line in lines)
    assert [f"{CASE}:11", f"{CASE}:12"] == [
        line.split(": error")[0] for line in lines if ": error" in line
    ]


@given(REPORTS)
def test_no_text_moves_the_cursor(hostile: Report) -> None:
    """The text format prints no control character but line feeds."""
    text = REPORTERS["text"](hostile, LOOK)
    assert all(is_seen(character) for character in text.replace("\n", ""))
    assert not [line for line in text.splitlines() if line.startswith("::") or "##[" in line]


@given(REPORTS)
def test_junit_is_xml_with_one_case_a_finding(hostile: Report) -> None:
    """Whatever the text, the document parses and counts rightly."""
    text = REPORTERS["junit"](hostile, LOOK)
    suite = ET.fromstring(text.encode("ascii"))[0]  # noqa: S314 - our own document
    assert max(1, len(hostile.findings)) == len(suite.findall("testcase"))
    assert hostile.count(Severity.ERROR) == len(suite.findall("testcase/failure"))
    assert str(hostile.count(Severity.ERROR)) == suite.get("failures")


@given(REPORTS)
def test_json_and_sarif_are_ascii_and_sound(hostile: Report) -> None:
    """Whatever the text, both are pure ASCII without lone surrogates and fit their schemas."""
    for name in ("json", "sarif"):
        text = REPORTERS[name](hostile, LOOK)
        document = json.loads(text.encode("ascii"))
        text.encode()
        json.dumps(document, ensure_ascii=False).encode("utf-8")
        schema = json.loads((HERE / f"{name}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(document)


def test_sarif_tells_the_page_of_a_rule_and_what_is_suppressed() -> None:
    """A rule with a page has it as help; a waived finding is an accepted suppression."""
    run = json.loads(REPORTERS["sarif"](usual(), LOOK))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert "## What it does\nCompares bytes." == rules["GG303"]["help"]["markdown"]
    suppressed = [one["ruleId"] for one in run["results"] if "suppressions" in one]
    assert ["GG905"] == suppressed
    assert all(rules[one["ruleId"]] for one in run["results"])


def test_sarif_knows_a_result_again_when_lines_above_it_change() -> None:
    """The fingerprint does not depend on the line."""

    def prints(found: Finding) -> str:
        run = json.loads(REPORTERS["sarif"](report(found), LOOK))["runs"][0]
        return str(run["results"][0]["partialFingerprints"])

    assert prints(finding(line=3)) == prints(finding(line=4))
    assert prints(finding(line=3)) != prints(finding(line=3, path="other.yaml"))
