"""`python`: a function of the team's own code judges the row."""

import hashlib
import importlib
import importlib.util
import math
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from goldengit.evaluators.base import Doors, Evaluator, Options
from goldengit.models.base import Digest, Noun, Share
from goldengit.models.evaluator import Definition
from goldengit.models.exchange import one_line
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Outcome, Verdict, graded, unknown

_SCORES: dict[Outcome, float | None] = {"pass": 1.0, "fail": 0.0, "unknown": None}
_SLACK = 1e-9
_LONGEST_JUSTIFICATION = 4000  # characters that are kept
_ENTRY_POINT = r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*$"


class PythonOptions(Options):
    """The options of a Python evaluator."""

    entry_point: Annotated[
        str, Field(pattern=_ENTRY_POINT, description="package.module:function, installed here.")
    ]
    code: Annotated[Digest, Field(description="The SHA-256 of the module's source file.")]
    deterministic: Annotated[
        bool, Field(description="The author's word: the same row always gives the same verdict.")
    ] = False
    threshold: Annotated[
        Share | None, Field(description="The score from which a returned number is a pass.")
    ] = None


class _Said(Noun):
    """What a function may return as a mapping: a verdict, or a grade of the scale."""

    verdict: Outcome | None = None
    score: Share | None = None
    grade: float | None = None
    justification: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> "_Said":
        if (self.verdict is None) == (self.grade is None):
            message = "it has either a verdict or a grade"
            raise ValueError(message)
        return self


class Python(Evaluator):
    """A function that takes the row as a plain mapping and says what it is.

    It returns True or False; "pass", "fail" or "unknown"; a number from 0 to 1, when there is a
    threshold; or a mapping with `verdict` (or `grade`, on a graded failure mode), `score` and
    `justification`. Anything else is `unknown`. `code` pins the module's source, so that the
    evaluator's digest covers it; what the module imports is not covered.
    """

    kind = "python"
    options_model = PythonOptions
    deterministic = False
    is_data = False
    _function: Callable[[dict[str, Any]], object]

    def __init__(self, definition: Definition, doors: Doors) -> None:
        """Read the options; whether it is deterministic is one of them."""
        super().__init__(definition, doors)
        self.deterministic = self.options.deterministic

    def prepare(self) -> None:
        """Import the function, after its source was compared with the digest."""
        name, _, function = self.options.entry_point.partition(":")
        spec = _found(name)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            raise self.invalid(f"There is no module `{name}` with its source in this environment.")
        source = self._source(name, spec.origin)
        digest = f"sha256:{hashlib.sha256(source).hexdigest()}"
        if digest != self.options.code:
            problem = f"`{name}` is not the code that was declared: its digest is {digest}."
            raise self.invalid(problem)
        try:
            module = _run(spec, source)
        except (Exception, SystemExit) as error:
            kind = type(error).__name__
            raise self.invalid(f"`{name}` cannot be imported: {kind}: {error}.") from error
        found = getattr(module, function, None)
        if not callable(found):
            raise self.invalid(f"`{name}` has no function `{function}`.")
        self._function = found

    def judge(self, row: EvalRow) -> Verdict:
        """Return what the function says of a row."""
        # A case is a row with labels and signoffs, which are not for evaluators to see.
        plain = row.model_dump(mode="json", include=set(EvalRow.model_fields))
        try:
            found = self._function(plain)
        except SystemExit:
            return unknown("The function wanted to end the program.")
        except (Exception, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 asyncio's CancelledError, for instance
            return unknown(f"The function raised {type(error).__name__}.")
        match found:
            case bool():
                return _plain("pass" if found else "fail")
            case "pass" | "fail" | "unknown":
                return _plain(found)
            case int() | float():
                return self._scored(found)
            case dict():
                return self._told(found)
            case _:
                kind = type(found).__name__
                return unknown(f"The function returned {kind}, which is no verdict.")

    def _scored(self, score: float) -> Verdict:
        if self.options.threshold is None:
            return unknown("The function returned a number, and there is no threshold.")
        if not math.isfinite(score) or not 0 <= score <= 1:
            return unknown("The function returned a number that is not from 0 to 1.")
        passes = score >= self.options.threshold - _SLACK
        said = f"{score:g}, the threshold {self.options.threshold:g}"
        return Verdict(verdict="pass" if passes else "fail", score=float(score), justification=said)

    def _told(self, found: dict[Any, Any]) -> Verdict:
        try:
            said = _Said.model_validate(found)
            reason = one_line(said.justification, _LONGEST_JUSTIFICATION)
            if said.grade is not None:
                return graded(self.definition.failure_mode, said.grade, reason)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            way = ".".join(str(step) for step in first["loc"])
            problem = f"{way}: {first['msg']}" if way else first["msg"]
            return unknown(f"The function returned a mapping that does not fit: {problem}.")
        except ValueError as error:
            return unknown(f"The function returned a grade that does not fit: {error}.")
        verdict = said.verdict or "unknown"
        score = _SCORES[verdict] if said.score is None else said.score
        if verdict == "unknown":
            return unknown(reason)
        return Verdict(verdict=verdict, score=score, justification=reason)

    def _source(self, name: str, origin: str) -> bytes:
        try:
            return Path(origin).read_bytes()
        except OSError as error:
            raise self.invalid(f"`{name}` cannot be read: {error}.") from error


def _plain(outcome: Outcome) -> Verdict:
    said = f"The function said {outcome}."
    return Verdict(verdict=outcome, score=_SCORES[outcome], justification=said)


def _found(module: str) -> ModuleSpec | None:
    """Return where a module would come from.

    `importlib.util.find_spec` imports the packages above it; code must not run before its digest
    was compared.
    """
    above, _, _ = module.rpartition(".")
    path = None
    if above:
        package = _found(above)
        path = package.submodule_search_locations if package else None
        if path is None:
            return None
    specs = (finder.find_spec(module, path) for finder in sys.meta_path)
    return next((spec for spec in specs if spec), None)


class _Verified(SourceFileLoader):
    """Imports the very bytes whose digest was compared, whatever stands in the file by now."""

    def __init__(self, spec: ModuleSpec, source: bytes) -> None:
        super().__init__(spec.name, str(spec.origin))
        self._source = source

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 there is one module only
        """Return the code of those bytes; nothing that was compiled earlier."""
        return self.source_to_code(self._source, self.path)


def _run(spec: ModuleSpec, source: bytes) -> ModuleType:
    """Return the module that this source makes.

    An import might hand out an older state: one that is in memory, or one that was compiled.
    """
    if spec.parent and spec.parent != spec.name:
        importlib.import_module(spec.parent)
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(spec.name)
    sys.modules[spec.name] = module  # dataclasses look their own module up
    try:
        _Verified(spec, source).exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        if before is not None:
            sys.modules[spec.name] = before
        raise
    return module
