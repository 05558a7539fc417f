"""A stand-in for a judge: a plain program that counts keywords, behind a judge's interface.

No model answers here. It reads the recording of a request, and nothing else, and guesses from words
of the question which tools would fit. It was written from the rubric `wrong-tool.1` and the names
of the tools alone, and is as crude as it looks: what was measured with it says nothing about any
model. It always calls itself by its own name, so that no judge takes it for the model that it
asked.

`python -m tests.stand_in_judge` serves one on the loopback, and prints its address first.
"""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.judge_stub import Answer, Asked, JudgeStub, completion, inside_the_fence

MODEL = "stand-in-keywords-2026-11-21"

_NEEDS = {
    "unit_convert": r"\bconvert|\bin (metres|meters|feet|miles|kilomet|litres|light years|celsius)",
    "translate": r"\btranslat|\binto (english|german|french|spanish|latin)\b",
    "count_library": r"\bhow many (papers|items|books|articles|theses|studies|sources)\b",
    "calendar_lookup": r"\b(open|closed|opening hours|deadline|due|weekday)\b",
    "statistics_table": r"\b(table|t[- ]test|welch|critical value|percentile|census|mean of)\b",
    "citation_lookup": r"\b(bibtex|doi|reference list|bibliographic|cite this|who wrote)\b",
    "fetch_document": r"\b(full text|chapter|src-[a-z0-9-]+)",
    "search_library": r"\b(papers|literature|studies|sources|anything on|what do (we|you) have)\b",
}
_CALL = re.compile(r"tool ([a-z_]+)\((.*?)\) returned ")
_YEAR = re.compile(r"\b(?:1[5-9]|20)[0-9]{2}\b")
_BYTES_A_TOKEN = 4


def keywords(asked: Asked) -> Answer:
    """Answer one request as a chat completion."""
    message = asked.question["messages"][-1]["content"]
    reason, verdict = verdict_on(inside_the_fence(message))
    content = {"justification": f"Keywords only: {reason}", "verdict": verdict}
    usage = {"prompt_tokens": len(asked.body) // _BYTES_A_TOKEN, "completion_tokens": 30}
    return Answer(completion(content, model=MODEL, usage=usage))


def verdict_on(recording: Mapping[str, Any]) -> tuple[str, str]:
    """Return a reason, and whether the tools of a recording fit the words of its question."""
    question = _question(recording["input"]).lower()
    calls = list(_calls(recording.get("trace", ())))
    wanted = {tool for tool, words in _NEEDS.items() if re.search(words, question)}
    called = {tool for tool, _ in calls}
    if wanted and not called:
        return f"none of {_listed(wanted)} was called.", "fail"
    if wanted and not wanted & called:
        return f"{_listed(called)} was called, the words ask for {_listed(wanted)}.", "fail"
    given = " ".join(arguments for tool, arguments in calls)
    lost = [year for year in _YEAR.findall(question) if given and year not in given]
    if lost:
        return f"{lost[0]} of the question is in no arguments.", "fail"
    return "nothing speaks against the calls.", "pass"


def _question(given: Any) -> str:
    users = [each["content"] for each in given["messages"] if each["role"] == "user"]
    return str(users[-1])


def _calls(steps: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield tools with their arguments; documents that a search brought are a call without any."""
    for step in steps:
        call = _CALL.match(step)
        if call:
            yield call[1], call[2]
        elif step.startswith("document "):
            yield "search_library", ""


def _listed(tools: set[str]) -> str:
    return " or ".join(sorted(tools))


def main() -> None:
    """Serve until killed, and print the address first."""
    with JudgeStub(keywords) as stub:
        print(stub.base_url, flush=True)  # noqa: T201 whoever started it reads it
        threading.Event().wait()


if __name__ == "__main__":
    main()
