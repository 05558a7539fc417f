"""What libyaml says when it gives up, as one of our refusals."""

from yaml import YAMLError

from goldengit.models.reading import Refusal

_REMEDY = "Repair it. Text with `: ` or ` #`, or a special first character, needs double quotes."
_DIRECTIVE = ("GG105", "The file has a `%` directive.", "Remove the line.")

# libyaml stops at these by itself; each is what another code says.
_KNOWN = {
    "found invalid Unicode character escape code": (
        "GG113",
        "An escape names a surrogate or no character at all, which JSON cannot carry.",
        "Write the character itself, or one escape such as `\\U0001f600` instead of two halves.",
    ),
    "did not find expected <document start>": (
        "GG104",
        "More follows after the end of the document.",
        "Keep one document in each file.",
    ),
    "found undefined tag handle": (
        "GG103",
        "A tag is not permitted.",
        "Remove it; quote the value if it is text.",
    ),
}


def complaint(error: YAMLError | UnicodeError, data: bytes) -> Refusal:
    """Return an error of libyaml as a refusal, on a line that the file has."""
    lines = data.split(b"\n")
    mark = getattr(error, "problem_mark", None)
    line = max(1, min(mark.line + 1, len(lines) - 1)) if mark else 1
    if lines[line - 1].startswith(b"%"):
        return Refusal(line, *_DIRECTIVE)
    problem = getattr(error, "problem", None) or "a character is not permitted"
    if problem in _KNOWN:
        return Refusal(line, *_KNOWN[problem])
    return Refusal(line, "GG111", not_valid(_with_context(error, problem)), _REMEDY)


def not_valid(problem: str) -> str:
    """Return the sentence of GG111 for a problem in YAML's own words."""
    return f"This is not valid YAML: {problem}."


def _with_context(error: YAMLError | UnicodeError, problem: str) -> str:
    context = getattr(error, "context", None)
    return f"{context}, {problem}" if context else problem
