"""Reads the parametrised tests of the `packaging` library and prints them as one JSON object.

Usage: pep508_data.py SDIST_FOLDER. The test modules are imported with a stand-in for pytest that
keeps the rows of `parametrize` instead of running anything. Where a test only says that a text is
valid, the library itself is asked what it means: it is the oracle for `evaluated` and `grid`.
"""

import importlib
import inspect
import json
import sys
import types

root = sys.argv[1]
sys.path[:0] = [root + "/src", root]


class Param:
    def __init__(self, *values, **_):
        self.values = values


class Mark:
    def parametrize(self, names, values, **_):
        def keep(function):
            names_ = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
            rows = [v.values if isinstance(v, Param) else (v if len(names_) > 1 else (v,)) for v in values]
            function.__dict__.setdefault("rows", []).append((names_, [dict(zip(names_, r)) for r in rows]))
            return function

        return keep

    def __getattr__(self, _):
        return lambda *args, **kwargs: args[0] if args and callable(args[0]) else (lambda f: f)


pytest = types.ModuleType("pytest")
pytest.mark = Mark()
pytest.param = Param
pytest.raises = lambda *args, **kwargs: None
pytest.fixture = lambda *args, **kwargs: args[0] if args and callable(args[0]) else (lambda f: f)
pytest.MonkeyPatch = object
sys.modules["pytest"] = pytest
sys.modules["pretend"] = types.ModuleType("pretend")

from packaging.markers import Marker, UndefinedComparison  # noqa: E402
from packaging.specifiers import InvalidSpecifier, Specifier  # noqa: E402

found = {}
for module_name in ("test_markers", "test_version", "test_specifiers"):
    module = importlib.import_module("tests." + module_name)
    for scope in [module, *[c for c in vars(module).values() if inspect.isclass(c)]]:
        prefix = "" if scope is module else scope.__name__ + "."
        for name, function in vars(scope).items():
            for names, rows in getattr(function, "rows", []):
                found[f"{module_name}:{prefix}{name}:{','.join(names)}"] = rows


def rows(key):
    """The rows of one test; a test that is gone must not pass unseen."""
    return found[key]


def column(key, name):
    return [row[name] for row in rows(key)]


M, V, S = "test_markers:TestMarker.", "test_version:TestVersion.", "test_specifiers:TestSpecifier."
SET = "test_specifiers:TestSpecifierSet."

valid_markers = (
    column(M + "test_parses_valid:marker_string", "marker_string")
    + column(M + "test_parses_pep345_valid:marker_string", "marker_string")
    + column(M + "test_parses_setuptools_legacy_valid:marker_string", "marker_string")
    + column(M + "test_str_repr_eq_hash:marker_string,expected", "marker_string")
)
invalid_markers = (
    column(M + "test_parses_invalid:marker_string", "marker_string")
    + ['python_version >= "3"' + b for b in column(M + "test_parses_invalid_trailing_line_break:line_break", "line_break")]
    + column(M + "test_parses_invalid_malformed_quoted_string:marker_string,expected", "marker_string")
)

# What a marker has to be evaluated with: a released, a pre-release and an untagged Python.
LINUX = {
    "implementation_name": "cpython",
    "implementation_version": "3.11.7",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_release": "6.8.0-45-generic",
    "platform_system": "Linux",
    "platform_version": "#45-Ubuntu SMP PREEMPT_DYNAMIC",
    "python_full_version": "3.11.7",
    "platform_python_implementation": "CPython",
    "python_version": "3.11",
    "sys_platform": "linux",
}
ENVIRONMENTS = [
    LINUX,
    {
        **LINUX,
        "implementation_name": "dog",
        "implementation_version": "5.6a0",
        "os_name": "1.0",
        "platform_release": "1.0",
        "platform_system": "freebsd",
        "platform_version": "1.0",
        "python_full_version": "1.0+",
        "python_version": "1.0",
    },
    {
        **LINUX,
        "implementation_version": "7.3.13",
        "os_name": "nt",
        "platform_release": "10",
        "platform_version": "10.0.22631",
        "python_full_version": "5.6a0",
        "python_version": "5.6",
        "sys_platform": "win32",
    },
]


def evaluate(text, environment):
    try:
        return Marker(text).evaluate(environment)
    except UndefinedComparison:
        return None


given = (
    rows(M + "test_evaluates:marker_string,environment,expected")
    + rows(M + "test_evaluate_pep345_markers:marker_string,environment,expected")
    + rows(M + "test_version_like_equality:marker_string,environment,expected")
)
markers = [[r["marker_string"], {**LINUX, **(r["environment"] or {})}, r["expected"]] for r in given]
evaluated = [
    [text, environment, evaluate(text, environment)]
    for text in valid_markers
    if "extra" not in text
    for environment in ENVIRONMENTS
]

specifiers = [[r["version"], r["spec_str"], r["expected"]] for r in rows(S + "test_specifiers:version,spec_str,expected")]
for key in (
    S + "test_invalid_version:spec_str,version,expected",
    S + "test_arbitrary_equality:version,spec_str,expected",
    S + "test_arbitrary_equality_normalization:spec_str,version,expected",
    SET + "test_contains_arbitrary_equality_normalization:spec_str,version,expected",
    SET + "test_contains_post_release_boundary_intersection:spec_str,version,expected",
):
    specifiers += [[r["version"], r["spec_str"], r["expected"]] for r in rows(key)]
for key in (
    SET + "test_contains_arbitrary_equality_contains:version,specifier,expected",
    SET + "test_comparison_ignores_local:version,specifier,expected",
):
    specifiers += [[r["version"], r["specifier"], r["expected"]] for r in rows(key)]
specifiers += [
    [r["version"], r["specifier"], r["expected"]]
    for r in rows(S + "test_specifiers_prereleases:specifier,version,spec_pre,contains_pre,expected")
    if r["contains_pre"] is True
]
specifiers += [
    [r["version_str"], r["spec_str"], r["expected"]]
    for r in rows("test_specifiers:test_boundary_closure_short_release:spec_str,version_str,expected")
]

# Every valid version against every operator with every valid version; `-` marks a specifier that
# is not valid.
versions = column(V + "test_valid_versions:version", "version")
more = [
    "1", "1.0", "1.0.0", "1.0.0.0.1", "0", "2", "1.1", "1.10", "v1.0", "1.0-1", "1!1", "1!1.0.post1",
    "1.0a0", "1.0a0.dev0", "1.0a1.post1", "1.0a1.post1.dev2", "1.0rc1+local.7", "1.0+7", "1.0+07", "1.0+a.7",
    "1.0+A-7", "1.0.post0", "1.0.post0.dev0", "1.0.dev0",
]
versions = versions + more


def line(operator, text):
    try:
        specifier = Specifier(operator + text)
    except InvalidSpecifier:
        return "-"
    return "".join("1" if specifier.contains(v, prereleases=True) else "0" for v in versions)


grid = [
    [operator, text, line(operator, text)]
    for operator in ("==", "!=", "<", "<=", ">", ">=", "~=", "===")
    for version in versions
    for text in (version, version + ".*")
]

OPS = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "ge": ">=", "gt": ">"}
comparisons = [
    [r["left"], OPS[r["op"].__name__], r["right"], expected]
    for name, expected in (("test_comparison_true", True), ("test_comparison_false", False))
    for r in rows(V + name + ":left,right,op")
]

json.dump(
    {
        "valid_markers": valid_markers,
        "invalid_markers": invalid_markers,
        "markers": markers,
        "evaluated": evaluated,
        "valid_versions": versions,
        "invalid_versions": column(V + "test_invalid_versions:version", "version"),
        "normalized": [
            [r["version"], r["normalized"]] for r in rows(V + "test_normalized_versions:version,normalized")
        ]
        + [[r["version"], r["expected"]] for r in rows(V + "test_version_str_repr:version,expected")],
        "comparisons": comparisons,
        "valid_specifiers": column(S + "test_specifiers_valid:specifier", "specifier"),
        "invalid_specifiers": column(S + "test_specifiers_invalid:specifier", "specifier"),
        "specifiers": specifiers,
        "grid": grid,
    },
    sys.stdout,
    default=str,
)
