"""Counts the answers of a run, one line for each operation, and keeps one kind of fault from the tester itself."""

import atexit
from collections import Counter, defaultdict

import schemathesis

answers = defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    answers[case.operation.label][response.status_code] += 1


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # A rule of this kind resets the tester's own next connections: no case is made with it.
    kinds = raw_schema["components"]["schemas"].get("FaultKind")
    if kinds is not None:
        kinds["enum"].remove("refuse_connection")
        del raw_schema["paths"]["/faults"]["post"]["requestBody"]["content"]["application/json"]["examples"]["no_connection"]


@atexit.register
def report():
    for operation, statuses in sorted(answers.items()):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        print(f"{sum(statuses.values()):7} {operation}  ({told})")
