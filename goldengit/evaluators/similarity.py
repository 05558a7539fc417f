"""The kind `similarity`: how much an answer is like the expected one, sign by sign or by words."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.base import Share
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField
from goldengit.models.folding import folded
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, failed, passed, unknown

LONGEST = 20_000  # characters of a text that is compared; time and memory grow with its square
_ROUNDING = 1e-9
_WORD = re.compile(r"\w+")
_NGRAM = 3


class SimilarityOptions(Options):
    """A measure of likeness from 0 to 1, and from where on it passes.

    Texts are compared after NFKC, with straight quotes and dashes and single spaces. Words are runs
    of letters, digits and underscores of any script. `exact`: 1 when the texts are equal. `ratio`:
    twice the longest common subsequence of the characters over both lengths. `jaccard`: pieces of
    three characters that both have, over all pieces. `token_f1`: F1 of the words as multisets, as
    for SQuAD, but keeping articles. `rouge_l`: F1 of the longest common subsequence of the words.
    """

    field: Annotated[FieldName, Field(description="Where the answer stands.")] = "actual_output"
    expected: Annotated[FieldName, Field(description="Where the expected answer stands.")] = (
        "expected_output"
    )
    method: Annotated[
        Literal["exact", "ratio", "jaccard", "token_f1", "rouge_l"],
        Field(description="What is measured."),
    ] = "token_f1"
    threshold: Annotated[Share, Field(description="The least likeness that passes.")] = 0.8
    case_sensitive: Annotated[bool, Field(description="Capital and small letters differ.")] = False


class Similarity(Evaluator):
    """Passes an answer that is like the expected one from the threshold on; the score is likeness.

    A row without one of the two texts is unknown, and so are texts of more than 20,000 characters.
    Two texts of which nothing is left to compare are alike when they are equal.
    """

    kind: ClassVar[str] = "similarity"
    options_model: ClassVar[type[Options]] = SimilarityOptions
    options: SimilarityOptions

    def prepare(self) -> None:
        """Choose the measure."""
        self._field, self._expected = RowField(self.options.field), RowField(self.options.expected)
        self._measure = _MEASURES[self.options.method]

    def judge(self, row: EvalRow) -> Verdict:
        """Measure the likeness of the two texts."""
        texts = []
        for field in (self._field, self._expected):
            text = field.text(row)
            if text is None:
                return unknown(field.missing(row))
            if len(text) > LONGEST:
                return unknown(f"`{field.name}` has more than {LONGEST} characters.")
            texts.append(folded(text, case=self.options.case_sensitive))
        score = 1.0 if texts[0] == texts[1] else self._measure(*texts)
        said = f"{self.options.method} {score:.3f}, {self.options.threshold:g} passes"
        if score >= self.options.threshold - _ROUNDING:
            return passed(f"{said}.", score)
        return failed(f"{said}; expected “{one_line(texts[1], 80)}”.", score)


def _exact(left: str, right: str) -> float:
    return float(left == right)


def _ratio(left: str, right: str) -> float:
    return _share(_common_subsequence(left, right), len(left), len(right))


def _jaccard(left: str, right: str) -> float:
    one, two = _pieces(left), _pieces(right)
    return len(one & two) / len(one | two)


def _token_f1(left: str, right: str) -> float:
    one, two = _WORD.findall(left), _WORD.findall(right)
    return _share((Counter(one) & Counter(two)).total(), len(one), len(two))


def _rouge_l(left: str, right: str) -> float:
    one, two = _WORD.findall(left), _WORD.findall(right)
    return _share(_common_subsequence(one, two), len(one), len(two))


_MEASURES: dict[str, Callable[[str, str], float]] = {
    "exact": _exact,
    "ratio": _ratio,
    "jaccard": _jaccard,
    "token_f1": _token_f1,
    "rouge_l": _rouge_l,
}


def _share(common: int, left: int, right: int) -> float:
    """Return the F1 of precision and recall; with nothing in common it is 0."""
    return 2 * common / (left + right) if common else 0.0


def _pieces(text: str) -> set[str]:
    return {text[start : start + _NGRAM] for start in range(max(1, len(text) - _NGRAM + 1))}


def _common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence.

    Bit-parallel: a zero in `row` marks where the length of the best subsequence grows by one
    (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    places: dict[str, int] = {}
    for place, item in enumerate(left):
        places[item] = places.get(item, 0) | (1 << place)
    full = (1 << len(left)) - 1
    row = full
    for item in right:
        matches = row & places.get(item, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(left) - row.bit_count()
