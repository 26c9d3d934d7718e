"""Fixtures for every test; they live in tests/support, one file for each kind."""

pytest_plugins = [
    "tests.support.garbage",
    "tests.support.clocks",
    "tests.support.postgres",
    "tests.support.apps",
    "tests.support.people",
    "tests.support.driving",
    "tests.support.browsers",
]
