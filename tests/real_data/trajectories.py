"""Recorded agent trajectories as candidate cases, and back.

A trajectory is a conversation of OpenAI messages with its outcome. What the system was given (its
prompt and what the user said) is the `input`, its last words are the `actual_output`, and every
step in between is a span: one per message, so that the conversation can be told again from the
case. A tool's error is the status of its span. What somebody should have done is known as actions
and as texts that the user must be told; `expected_output` says it in sentences.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from goldengit.models.digest import canonical
from goldengit.models.identity import id_for_input

DATASET = "airline-agent"
FAILURE_MODE = "wrong-outcome"
DAY = "2024-06-20"  # the day on which the rows are taken in
_ERROR = "Error"
_GIVEN = frozenset({"system", "user"})
_MAILBOX = re.compile(r"[\w.+-]+@(?!example\.)[\w-]+\.[a-z]+")

Value = dict[str, Any]


def redacted(row: Value) -> tuple[Value, int]:
    """Return a trajectory with a placeholder for each mailbox, and how many there were."""
    text, count = _MAILBOX.subn(_placeholder, json.dumps(row))
    return json.loads(text), count


def case_of(row: Value, mailboxes: int = 0) -> Value:
    """Return a trajectory as a candidate, labelled by two persons with its recorded outcome.

    `mailboxes` is how many of them were redacted.
    """
    messages: list[Value] = row["messages"]
    given = {"messages": [message for message in messages if message["role"] in _GIVEN]}
    return {
        "schema": "goldengit/case/v1",
        "id": id_for_input(DAY, "airline", DATASET, given),
        "input": given,
        "expected_output": _expected(row["task"]),
        "actual_output": _last_words(messages),
        "grader_hints": "The outcome was decided by the state of the database at the end.",
        "metadata": {
            "model_version": row["agent_model"],
            "session_id": row["id"],
            "feature": row["domain"],
            "extra": {"task": row["task_id"], "trial": row["trial"], "outcome": row["reward"]},
        },
        "trace": {"trace_id": row["id"], "spans": list(_spans(messages))},
        "labels": [_label(row, reviewer) for reviewer in ("reviewer-1", "reviewer-2")],
        "provenance": {
            "origin": "imported",
            "source": {"format": "openai-messages", "trace_id": row["id"]},
            **({"redactions": {"email": mailboxes}} if mailboxes else {}),
        },
    }


def messages_of(case: Mapping[str, Any]) -> list[Value]:
    """Return the conversation that a case was made from."""
    given: Iterator[Value] = iter(case["input"]["messages"])
    told = []
    for span in case["trace"]["spans"]:
        match span["kind"]:
            case "llm":
                told += span["llm"]["messages"]
            case "tool":
                tool = span["tool"]
                told.append(
                    {
                        "role": "tool",
                        "tool_call_id": tool["call_id"],
                        "name": tool["name"],
                        "content": tool["result"],
                    }
                )
            case _:
                told.append(next(given))
    return told


def _placeholder(mailbox: re.Match[str]) -> str:
    return f"<EMAIL:{hashlib.sha256(mailbox[0].encode()).hexdigest()[:8]}>"


def _spans(messages: list[Value]) -> Iterator[Value]:
    arguments: dict[str, Any] = {}
    for number, message in enumerate(messages):
        span: Value = {"span_id": f"message-{number}"}
        match message["role"]:
            case "assistant":
                for call in message.get("tool_calls") or []:
                    arguments[call["id"]] = _parsed(call["function"]["arguments"])
                yield {**span, "kind": "llm", "status": "ok", "llm": {"messages": [message]}}
            case "tool":
                yield {**span, **_tool_span(message, arguments[message["tool_call_id"]])}
            case role:
                yield {**span, "kind": "other", "name": role}


def _tool_span(message: Value, arguments: Any) -> Value:
    text: str = message["content"]
    failed = text.startswith(_ERROR)
    return {
        "kind": "tool",
        "name": message["name"],
        "status": "error" if failed else "ok",
        **({"error_message": text.partition("\n")[0]} if failed else {}),
        "tool": {
            "name": message["name"],
            "call_id": message["tool_call_id"],
            "arguments": arguments,
            "result": text,
        },
    }


def _parsed(arguments: str) -> Any:
    """Return the arguments of a call; as the text they are when JSON cannot carry them exactly."""
    try:
        value = json.loads(arguments, parse_constant=_refuse)
        canonical(value)
    except ValueError:
        return arguments
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _last_words(messages: list[Value]) -> str | None:
    last: Value = next(m for m in reversed(messages) if m["role"] == "assistant")
    words: str | None = last["content"]
    return words


def _expected(task: Value) -> str:
    """Return, as text that a person could sign, what the agent should have done and said."""
    actions = task["expected_actions"]
    steps = [f"{number}. {_action(action)}" for number, action in enumerate(actions, 1)]
    done = ["The agent does exactly this:", *steps] if steps else ["The agent changes nothing."]
    told = [f"It tells the user: {', '.join(task['expected_outputs'])}."]
    return "\n".join(done + told * bool(task["expected_outputs"]))


def _action(action: Value) -> str:
    words = [f"{name} = {json.dumps(value)}" for name, value in action["kwargs"].items()]
    return f"{action['name']} with {'; '.join(words)}" if words else str(action["name"])


def _label(row: Value, reviewer: str) -> Value:
    passed = row["reward"] == 1
    return {
        "failure_mode": FAILURE_MODE,
        "verdict": "pass" if passed else "fail",
        "score": 1.0 if passed else 0.0,
        "reviewer": reviewer,
        "at": f"{DAY}T09:00:00Z",
    }
