"""What a rule demands, each demand as a check of the calls that were made."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from pydantic import JsonValue

from goldengit.evaluators.tool_call.calls import (
    NAMED,
    Made,
    UnjudgeableError,
    fitting,
    named,
    shown,
)
from goldengit.evaluators.tool_call.rule import Call, Expected, Rule
from goldengit.models.exchange import one_line
from goldengit.models.field import RowField
from goldengit.models.folding import as_words
from goldengit.models.leaves import leaves
from goldengit.models.pattern import compiled, matched, utf8
from goldengit.models.row import EvalRow
from goldengit.models.strict_json import identity

_MENTIONS = 100  # things that a question may name


class Scene(NamedTuple):
    """What the checks of a rule look at."""

    row: EvalRow
    calls: list[Made]
    question: str


# A check returns what is wrong, None when nothing is.
Check = Callable[[Scene], str | None]


def checks_of(rule: Rule) -> Iterator[Check]:
    """Yield a check for each demand of a rule; raise ValueError for a schema that is refused."""
    yield from (_required([each]) for each in rule.require)
    if rule.require_any:
        yield _required([*rule.require_any])
    yield from (_forbidden(each) for each in rule.forbid)
    yield from (_every(each) for each in rule.each)
    if rule.allow_only is not None:
        yield _allowed(frozenset(rule.allow_only))
    if rule.order:
        yield _ordered([*rule.order])
    if rule.mentions is not None:
        yield _mentioned(rule.mentions)
    if rule.max_calls is not None:
        yield _at_most(rule.max_calls, "calls", len)
    if rule.max_identical is not None:
        yield _at_most(rule.max_identical, "identical calls", _most_identical)
    if rule.max_errors is not None:
        yield _at_most(rule.max_errors, "failed calls", lambda calls: sum(c.failed for c in calls))
    if rule.expected is not None:
        yield _as_expected(rule.expected)


def _required(wanted: list[str | Call]) -> Check:
    fits = [fitting(each) for each in wanted]

    def check(scene: Scene) -> str | None:
        if any(fit(call, scene.row) for fit in fits for call in scene.calls):
            return None
        return f"{' or '.join(named(each) for each in wanted)} was not called"

    return check


def _forbidden(unwanted: str | Call) -> Check:
    fit = fitting(unwanted)

    def check(scene: Scene) -> str | None:
        found = any(fit(call, scene.row) for call in scene.calls)
        return f"{named(unwanted)} was called" if found else None

    return check


def _every(wanted: Call) -> Check:
    fit = fitting(wanted)

    def check(scene: Scene) -> str | None:
        for call in scene.calls:
            if call.tool == wanted.tool and not fit(call, scene.row):
                return f"a call was {shown(call)}, not {named(wanted)}"
        return None

    return check


def _allowed(tools: frozenset[str]) -> Check:
    def check(scene: Scene) -> str | None:
        others = sorted({call.tool for call in scene.calls} - tools)
        return f"{', '.join(f'`{tool}`' for tool in others)} is not allowed" if others else None

    return check


def _ordered(wanted: list[str | Call]) -> Check:
    fits = [fitting(each) for each in wanted]

    def check(scene: Scene) -> str | None:
        calls = iter(scene.calls)
        for each, fit in zip(wanted, fits, strict=True):
            if not any(fit(call, scene.row) for call in calls):
                return f"{named(each)} was not called in its place of the order"
        return None

    return check


def _mentioned(pattern: str) -> Check:
    machine = compiled(pattern)
    group = 1 if machine.groups else 0

    def check(scene: Scene) -> str | None:
        texts = (text for call in scene.calls for _, text in leaves(call.arguments))
        there = set(as_words(", ".join(texts)).split())
        for count, found in enumerate(machine.finditer(utf8(scene.question))):
            if count == _MENTIONS:
                raise UnjudgeableError(f"The question names more than {_MENTIONS} things.")
            thing = matched(found.group(group) or b"")
            if not there.issuperset(as_words(thing).split()):
                return f"“{one_line(thing, 60)}” stands in no arguments"
        return None

    return check


def _at_most(most: int, what: str, count: Callable[[list[Made]], int]) -> Check:
    def check(scene: Scene) -> str | None:
        found = count(scene.calls)
        return f"{found} {what}, at most {most} are allowed" if found > most else None

    return check


def _most_identical(calls: list[Made]) -> int:
    return max(Counter((call.tool, identity(call.arguments)) for call in calls).values(), default=0)


def _as_expected(expected: Expected) -> Check:
    field = RowField(expected.path)
    compare = _COMPARISONS[expected.match]

    def key(tool: str, arguments: JsonValue) -> str:
        return f"{tool} {identity(arguments)}" if expected.arguments else tool

    def counted(tool: str) -> bool:
        return expected.among is None or tool in expected.among

    def check(scene: Scene) -> str | None:
        wanted = [key(*each) for each in _listed_calls(field, scene.row) if counted(each[0])]
        made = [key(call.tool, call.arguments) for call in scene.calls if counted(call.tool)]
        return None if compare(wanted, made) else _difference(wanted, made)

    return check


def _listed_calls(field: RowField, row: EvalRow) -> Iterator[tuple[str, JsonValue]]:
    items = field.value(row)
    if not isinstance(items, list):
        raise UnjudgeableError(f"The row has no list of calls at `{field.name}`.")
    for item in items:
        match item:
            case str():
                yield item, {}
            case {"name": str(name)}:
                yield name, item.get("arguments", {})
            case _:
                raise UnjudgeableError(f"`{field.name}` holds something that is no call.")


def _in_order(wanted: list[str], made: list[str]) -> bool:
    rest = iter(made)
    return all(each in rest for each in wanted)


_COMPARISONS: dict[str, Callable[[list[str], list[str]], bool]] = {
    "includes": lambda wanted, made: set(wanted) <= set(made),
    "same": lambda wanted, made: Counter(wanted) == Counter(made),
    "in_order": _in_order,
    "exactly": lambda wanted, made: wanted == made,
}


def _difference(wanted: list[str], made: list[str]) -> str:
    missing, extra = Counter(wanted) - Counter(made), Counter(made) - Counter(wanted)
    said = [f"expected and not made: {_keys(missing)}"] * bool(missing)
    said += [f"made and not expected: {_keys(extra)}"] * bool(extra)
    return "; ".join(said) or "the calls were made in another order"


def _keys(keys: Iterable[str]) -> str:
    return ", ".join(one_line(key, 80) for key in sorted(keys)[:NAMED])
