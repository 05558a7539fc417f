"""What a pull request says: everything of a case, and nothing that a case could make it say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.change import Entry, File
from goldengit.models.policy import Policy
from goldengit.models.reading import ReadLimits
from goldengit.promoting.quoting import fenced, shown, span
from goldengit.promoting.request import asked, offer
from goldengit.repository.interpret import house_bytes, interpret
from tests import standard

POLICY = Policy.model_validate(standard.policy())
FENCE = re.compile(r"(`{3,})(diff)?")
CLOSING = re.compile(r" {0,3}(`+)[ \t]*")
PIECES = (
    *"`~@#<>[]()|*_\\\n\r\t:-=!&+ aZ0é\x1b\x00\u2028\u202e\u200b",
    "```",
    "\n```\n",
    "\n  ````` \n",
    "\n```diff\n",
    "\n# Title\n",
    "@someone",
    "@org/team",
    "<!-- goldengit -->",
    "<img src=x>",
    "</details>",
    "[a](http://a.example)",
    "http://a.example/",
    "fixes #1",
    "::error::",
    "##[group]",
    "\r\n",
)
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def case_file(row: str = "new-1", **values: object) -> File:
    """Return a golden file of a standard row with other values."""
    value = standard.signed(standard.content(row) | values)
    path = standard.path_in("golden", standard.dataset_of(row), value["id"])
    data = house_bytes(path, value)
    return interpret(Entry(path, "100644", "0" * 40), len(data), data, ReadLimits())


def ours(body: str) -> list[str]:
    """Return the lines of a body outside of blocks and code spans, as CommonMark reads them."""
    found: list[str] = []
    fence = ""
    for line in body.split("\n"):
        if fence:
            end = CLOSING.fullmatch(line)
            fence = "" if end and len(end[1]) >= len(fence) else fence
        elif match := FENCE.fullmatch(line):
            fence = match[1]
        else:
            found.append(re.sub(r"`[^`]*`", "`", line))
    assert fence == "", "a block is left open"
    return found


@given(text=texts, other=texts, feature=texts, flag=texts)
def test_no_text_of_a_case_leaves_its_block(text: str, other: str, feature: str, flag: str) -> None:
    """Whatever a case says, our own lines stay the same but for how many there are."""
    plain = text.replace("\x00", "").replace("\x1b", "")  # the reader refuses these in a file
    usual = standard.content("new-1")
    file = case_file(
        input=plain.replace("\u2028", " "),
        expected_output=other.replace("\x00", "").replace("\x1b", "") or "x",
        actual_output={"said": plain},
        metadata={**usual["metadata"], "feature": feature.replace("\x00", "")},
        provenance={
            "origin": "production",
            "flags": [{"signal": flag.replace("\x00", "") or "x", "value": plain}],
        },
    )
    assert file.case, file.reading
    lines = ours(offer([file], POLICY).body)
    harmless = ours(offer([case_file(provenance=PLAIN)], POLICY).body)
    kept = [re.sub(r"\| *`? *\| normal", "| ` | normal", line) for line in lines if line]
    assert [line for line in harmless if line] == kept


PLAIN = {"origin": "production", "flags": [{"signal": "thumbs", "value": "down"}]}


@given(text=texts)
def test_lines_are_whole_and_hold_nothing_hidden(text: str) -> None:
    """Nothing that steers a terminal, a log or a reader is left; wrapping loses nothing."""
    lines, whole = shown(text, 10_000)
    assert whole
    assert all(character.isprintable() for line in lines for character in line)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines)
    if text.isascii() and text.isprintable() and ":" not in text and "#" not in text:
        assert text == "".join(lines)


@given(text=texts)
def test_a_span_is_one_span(text: str) -> None:
    found = span(text)
    assert found == "" or re.fullmatch(r"`[^`|\n\r]+`", found)


@given(lines=st.lists(texts.map(lambda text: text.replace("\n", " ").replace("\r", " "))))
def test_a_fence_is_longer_than_what_it_holds(lines: list[str]) -> None:
    first, *content, last = fenced(lines, "diff")
    assert lines == content
    assert first == f"{last}diff"
    assert last not in "\n".join(content)


def test_the_body_says_what_there_is_to_decide() -> None:
    """Case, dataset, feature, severity, flags, labels, persons with roles, and the difference."""
    flag = {"signal": "thumbs", "value": "down", "threshold": 1}
    file = case_file(
        metadata={"feature": "vouchers"},
        severity="high",
        provenance={"origin": "incident", "flags": [flag]},
    )
    said = offer([file], POLICY)
    assert f"Promote {standard.id_of('new-1')}" == said.title
    for words in (
        f"| `{standard.id_of('new-1')}` | `support` | `vouchers` | high |",
        "`invented-citation`: fail",
        "reviewer-1 as labeler, reviewer-2 as confirmer",
        "origin: incident",
        "`thumbs: down, threshold 1`",
        "`datasets/support/rubrics/invented-citation.1.md`",
        "\n-A wrong answer about vouchers, from new-1.\n",
        "\n+A correct answer about vouchers, with a source that exists.\n",
        "`goldengit/gate`",
        "reviewer-1 and reviewer-2 approve this pull request",
    ):
        assert words in said.body
    assert {"reviewer-1": ("labeler",), "reviewer-2": ("confirmer",)} == asked([file])


def test_several_cases_share_one_body() -> None:
    files = [case_file("new-1"), case_file("new-2")]
    said = offer(files, POLICY, others=1)
    assert "Promote 2 cases" == said.title
    assert "The branch also changes 1 other file." in said.body
    assert all(f"### `{file.spot.case}`" in said.body for file in files)


def test_a_long_text_is_cut_with_a_note() -> None:
    said = offer([case_file(input="word " * 5_000)], POLICY).body
    assert len(said) < 20_000
    assert 1 == said.count("*Cut here. The file has the whole text.*")


def test_a_body_is_never_longer_than_github_takes() -> None:
    """What has no room is told; the table names every case."""
    files = [case_file(input="word \x07" * 5_000, expected_output="x " * 9_000)] * 40
    said = offer(files, POLICY).body
    assert len(said) <= 65_536
    assert re.search(r"The content of [0-9]+ more is in the files only\.", said)
    assert 40 == said.count("| `support` |")


def test_many_labels_leave_the_table_room() -> None:
    """Rows that no longer fit are counted."""
    label = standard.content("new-1")["labels"][0]
    labels = [label | {"failure_mode": f"{'long-name-' * 5}{mode}"} for mode in range(40)]
    said = offer([case_file(labels=labels)] * 50, POLICY).body
    assert len(said) <= 65_536
    assert 50 == said.count("| `support` |") + int(re.findall(r"And ([0-9]+) more\.", said)[0])


def test_an_answer_that_is_right_has_no_difference() -> None:
    file = case_file(actual_output="Same.", expected_output="Same.")
    assert "which is what was answered" in offer([file], POLICY).body


@pytest.mark.parametrize(
    ("change", "there", "missing"),
    [
        ({"accept": ["ssh-signature"]}, "goldengit signoff", "approve this pull request"),
        ({"accept": ["github-review"]}, "approve this pull request", "goldengit signoff"),
        ({"author_counts_as_labeler": True}, "counts as its labeler", "Whoever opened this, or"),
    ],
)
def test_the_policy_says_what_turns_the_gate_green(
    change: dict[str, object], there: str, missing: str
) -> None:
    policy = Policy.model_validate(standard.policy() | {"signoffs": {"threshold": 2} | change})
    said = offer([case_file()], policy).body
    assert (True, False) == (there in said, missing in said)
