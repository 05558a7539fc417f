"""Expression: `${{ … }}` in a workflow, and who may have written what it stands for."""

import re
from collections.abc import Iterator, Mapping

# A text in single quotes may hold `}}`; one without an end goes on to the end of everything.
EXPRESSION = r"\$\{\{(?:'[^']*(?:'|\Z)|[^'}]|\}(?!\}))*+(?:\}\}|\Z)"
# Where text of strangers arrives: the event, and the names of branches. An index that is not
# written out may be any of them.
_FOREIGN = (
    r"(?<![\w.])github(?:$|(?=[,)\[|&=!<>])|\.\*"
    r"|\.(?:event|head_ref|base_ref|ref|ref_name)(?![\w-]))"
)
_OWN_ENV = r"(?<![\w.])env\.([\w-]+)"
_INPUT = r"(?<![\w.])inputs(?![\w-])"


def expressions(text: str) -> Iterator[str]:
    """Yield what stands between `${{` and `}}`: lower case, no blanks, dots for brackets."""
    for found in re.findall(EXPRESSION, text):
        plain = re.sub(r"\s+", "", found.removeprefix("${{").removesuffix("}}")).lower()
        yield re.sub(r"\[(['\"])([^\[\]'\"]*)\1\]", r".\2", plain)


def is_foreign(text: str, env: Mapping[str, str], *, inputs: bool = False) -> bool:
    """Tell whether an expression in a text may stand for what a stranger wrote.

    `env` are the variables that `env.NAME` may mean; `inputs` says that inputs count as foreign.
    """
    known = {name.lower(): value for name, value in env.items()}
    return any(_brings(each, known, inputs=inputs) for each in expressions(text))


def _brings(expression: str, env: Mapping[str, str], *, inputs: bool) -> bool:
    if re.search(_FOREIGN, expression) or (inputs and re.search(_INPUT, expression)):
        return True
    names = re.findall(_OWN_ENV, expression)
    # A variable is looked up once: what it stands for has no variables of its own left.
    return any(is_foreign(env.get(name, ""), {}, inputs=inputs) for name in names)
