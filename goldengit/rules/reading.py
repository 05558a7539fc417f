"""GG101 to GG114: what the strict reader refused. The reader found it; these rules report it."""

from collections.abc import Iterator

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class _ReadingRule(Rule):
    """Reports the reader's refusals of one code."""

    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each refusal of this code in a file of the head."""
        for file in _read_files(change):
            for refusal in file.reading.refusals if file.reading else ():
                if refusal.code == self.code:
                    yield self.finding(
                        file.path, refusal.message, refusal.remedy, line=refusal.line
                    )


def _read_files(change: Change) -> Iterator[File]:
    for one in change.files:
        if one.after is not None:
            yield one.after


class DuplicateKey(_ReadingRule):
    """A mapping has the same key twice.

    ## What it does
    Compares the keys of every mapping as text, whether they are quoted or not.

    ## Why it matters
    One YAML reader takes the last value, another the first, a third refuses the file. A reviewer
    who sees `verdict: fail` at the top does not see that `verdict: pass` further down wins.

    ## Example
    ```yaml
    severity: critical
    severity: low
    ```

    ## How to fix
    Keep one of the two keys.
    """

    code = "GG101"
    name = "duplicate-key"


class AnchorAliasMerge(_ReadingRule):
    """The file uses an anchor, an alias or a merge key.

    ## What it does
    Refuses `&name`, `*name` and the key `<<` before any value is built from them.

    ## Why it matters
    What a line says then depends on another line, far away. A few hundred bytes of aliases also
    grow to gigabytes in whatever writes the value out.

    ## Example
    ```yaml
    input: &question {text: Why?}
    expected_output: *question
    ```

    ## How to fix
    Write the value out where it is used. Text that begins with `&` or `*` needs double quotes.
    """

    code = "GG102"
    name = "anchor-alias-merge"


class ExplicitTag(_ReadingRule):
    """The file uses an explicit YAML tag.

    ## What it does
    Refuses every `!`, `!name` and `!!name` before a value or a key.

    ## Why it matters
    A tag tells a reader to build something else than it sees, in some readers any object of the
    language. JSON, and so the digest, knows no tags.

    ## Example
    ```yaml
    confidence: !!str 0.5
    ```

    ## How to fix
    Remove the tag; put the value between double quotes if it is text.
    """

    code = "GG103"
    name = "explicit-tag"


class MultipleDocuments(_ReadingRule):
    """The file does not hold exactly one YAML document.

    ## What it does
    Refuses everything that follows the first document.

    ## Why it matters
    Some tools read only the first document and others all of them, so what is reviewed is not
    what is used.

    ## Example
    ```yaml
    severity: critical
    ---
    severity: low
    ```

    ## How to fix
    Keep one document in each file.
    """

    code = "GG104"
    name = "multiple-documents"


class YamlDirective(_ReadingRule):
    """The file has a `%` directive.

    ## What it does
    Refuses `%YAML`, `%TAG` and any other line that begins with `%` before the document.

    ## Why it matters
    A directive changes the meaning of lines that look harmless: after `%YAML 1.1` the text `no` is
    false for some readers.

    ## Example
    ```yaml
    %YAML 1.1
    ---
    expected_output: no
    ```

    ## How to fix
    Remove the directive.
    """

    code = "GG105"
    name = "yaml-directive"


class AmbiguousScalar(_ReadingRule):
    """A value without quotes means different things to different YAML readers.

    ## What it does
    Accepts `null`, `true`, `false` and plain decimal numbers as they are, and text that no common
    reader takes for anything else. A key without quotes must be such text.

    ## Why it matters
    `no` is false in YAML 1.1 and text in YAML 1.2; `017` is 15 or 17; `1:30` is 90 or text; a date
    is a date or text. The case would say one thing here and another thing where it is run.

    ## Example
    ```yaml
    expected_output: no
    metadata: {timestamp: 2026-05-23T08:00:00Z}
    ```

    ## How to fix
    Put it between double quotes if it is text, else write `null`, `true`, `false` or a plain
    decimal number. The writer of this program does so by itself.
    """

    code = "GG106"
    name = "ambiguous-scalar"


class BadBytes(_ReadingRule):
    r"""The file is not strict UTF-8 with line feeds, or holds control characters.

    ## What it does
    Refuses bytes that are not UTF-8, a byte order mark, carriage returns, tabs and all other
    control characters, the separators NEL, LS and PS, and a last line without a line feed.

    ## Why it matters
    For some readers NEL, LS or a lone carriage return ends a comment, so that what looks like a
    comment is data. A digest must not depend on an editor's line endings.

    ## Example
    A file that was saved with CRLF line endings.

    ## How to fix
    Save the file as UTF-8 with LF. Within a text write such a character as an escape between
    double quotes: `"a\tb"`.
    """

    code = "GG107"
    name = "bad-bytes"


class HiddenCharacters(_ReadingRule):
    r"""A bidirectional, zero-width or other invisible character stands in the file as it is.

    ## What it does
    Refuses raw format characters anywhere, comments included. As escapes between double quotes
    they are permitted, for cases that are about them. The selector that makes a symbol an emoji
    may follow such a symbol.

    ## Why it matters
    A reviewer approves what is on the screen. These characters change the order of what is shown
    there, or carry text that only a machine reads.

    ## Example
    A zero-width space within a word of `expected_output`.

    ## How to fix
    Remove the character, or write it as an escape between double quotes: `"a\u200bb"`.
    """

    code = "GG108"
    name = "hidden-characters"


class SizeLimit(_ReadingRule):
    """The file has too many bytes, levels, nodes or digits.

    ## What it does
    Stops reading at the limits of the policy: bytes of the file, bytes of one text, number of
    keys, values and lists, and how deep these nest. A number has at most 32 digits.

    ## Why it matters
    A file that is small on disk can keep a reader busy for minutes or crash it, and a gate that
    crashes decides nothing. Nobody reviews a case of a million lines either.

    ## Example
    A trace of 200,000 spans.

    ## How to fix
    Cut the trace and set `truncated: true`, move binaries to attachments, or split the case.
    """

    code = "GG109"
    name = "size-limit"


class ParserDisagreement(_ReadingRule):
    """A second YAML parser reads another value, or cannot read the file.

    ## What it does
    Reads every added or changed file with an independent YAML 1.2 parser as well, and compares
    the canonical JSON of the two values.

    ## Why it matters
    Whoever uses the dataset may use another parser than this program. What was approved must be
    what they get.

    ## Example
    ```yaml
    input: ["question":]
    ```

    ## How to fix
    Write the value in plain block style, one key a line. `goldengit format` does so.
    """

    code = "GG110"
    name = "parser-disagreement"


class UnparsableFile(_ReadingRule):
    """The file is not valid YAML, or is no mapping.

    ## What it does
    Reports what the parser could not read, and where. It also refuses some layouts that the
    parser tolerates although the YAML standard does not, such as a comment right after a quote.

    ## Why it matters
    What cannot be read cannot be judged.

    ## Example
    ```yaml
    grader_hints: note: the second colon needs quotes
    ```

    ## How to fix
    Repair the line. Text with `: ` or ` #`, or with a special first character, needs double
    quotes.
    """

    code = "GG111"
    name = "unparsable-file"


class SchemaViolation(_ReadingRule):
    """The file does not fit the schema of its kind.

    ## What it does
    Compares every key and value with the schema: no unknown key, no missing key, no conversion of
    one type into another.

    ## Why it matters
    A misspelt key is silently lost, and text where a number belongs breaks whoever computes with
    it.

    ## Example
    ```yaml
    severity: urgent
    ```

    ## How to fix
    Repair the key that the finding names; `goldengit schema case` shows what is expected.
    """

    code = "GG112"
    name = "schema-violation"


class InexactValue(_ReadingRule):
    """A value cannot be carried exactly by JSON.

    ## What it does
    Refuses integers beyond 2^53 - 1, numbers with more digits than an IEEE double keeps, negative
    zero, escapes of half a surrogate pair, and lists or mappings as keys.

    ## Why it matters
    The digest is taken over canonical JSON (RFC 8785). Two different values would share a digest
    there, or have none.

    ## Example
    ```yaml
    input: {account: 9007199254740993}
    ```

    ## How to fix
    Write the value as text between double quotes.
    """

    code = "GG113"
    name = "inexact-value"


class NotInHouseStyle(_ReadingRule):
    """A case that becomes golden is not in house style.

    ## What it does
    Compares a newly golden file with what this program would write for its value: the schema line,
    block style, the order of the keys, quotes where some reader could take a text for something
    else, no comment, no block scalar at the end. Only the change that brings the file is asked.

    ## Why it matters
    A golden file is frozen as it is. In one form an appendix can always follow, and a reviewer sees
    every byte that the digest does not cover.

    ## Example
    A case is moved to `golden/` by hand, with a comment that says why it passes.

    ## How to fix
    Run `goldengit format PATH`, or let `goldengit promote CANDIDATE` write the file.
    """

    code = "GG114"
    name = "not-in-house-style"
