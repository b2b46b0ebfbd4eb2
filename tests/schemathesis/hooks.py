"""Counts the answers of a run: one line for each operation, in the order of the document."""

import atexit
from collections import Counter, defaultdict

import schemathesis

answers = defaultdict(Counter)


@schemathesis.hook
def after_call(context, case, response):
    answers[case.operation.label][response.status_code] += 1


@atexit.register
def report():
    for operation, statuses in sorted(answers.items()):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        print(f"{sum(statuses.values()):7} {operation}  ({told})")
