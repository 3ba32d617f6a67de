"""What only one file may do: block, wait, thread, ask, and (in the domain) nothing of the kind at all."""

from __future__ import annotations

import ast
import sys

import pytest

from support.house import called, imports, modules, named, nodes, source_files

# What, and the files (or packages) that own it.
OWNED_CALLS = {
    "exec": ("src/zeroline/app.py", "src/zeroline/ui/application"),
    "exec_": (),
    "processEvents": ("src/zeroline/app/gallery",),  # pictures are drawn without an event loop
    "sleep": (),
    "waitForDone": ("src/zeroline/ui/tasks",),
}
OWNED_NAMES = {
    "QMessageBox": ("src/zeroline/ui/prompts",),
    "QInputDialog": ("src/zeroline/ui/prompts",),
    "QThread": ("src/zeroline/ui/tasks",),
    "QThreadPool": ("src/zeroline/ui/tasks",),
    "QRunnable": ("src/zeroline/ui/tasks",),
    "QSortFilterProxyModel": (),
}
OWNED_MODULES = {
    "threading": (
        "src/zeroline/ui/tasks",
        "src/zeroline/ui/listener",  # its one thread waits for news
        "src/zeroline/storage/engine",
        "src/zeroline/storage/news",  # waits in the thread that ui/tasks gave it, until it is stopped
        "src/zeroline/storage/postgres/news",  # as storage/news
        "src/zeroline/storage/postgres/server",  # a flag: the window closes
        "src/zeroline/storage/postgres/wire",
        "src/zeroline/ui/widgets/pdf_view",  # a lock: PDFium works in one thread only
    ),
    "concurrent.futures": ("src/zeroline/ui/tasks",),
    "multiprocessing": ("src/zeroline/services/shared_diagnosing",),
    "asyncio": (),
}
FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "print"}
CLOCKS = {"now", "utcnow", "today", "time_ns", "perf_counter", "monotonic"}


def _elsewhere(file: str, owners: tuple[str, ...]) -> bool:
    return not file.startswith(owners) if owners else True


@pytest.mark.parametrize("name", OWNED_CALLS)
def test_blocking_calls_stay_with_their_owner(name: str) -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules()
        if _elsewhere(named(file), OWNED_CALLS[name])
        for node in nodes(file)
        if isinstance(node, ast.Call) and called(node) == name
    ]
    assert found == []


@pytest.mark.parametrize("name", OWNED_NAMES)
def test_message_boxes_and_pools_stay_with_their_owner(name: str) -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules()
        if _elsewhere(named(file), OWNED_NAMES[name])
        for node in nodes(file)
        if (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
    ]
    assert found == []


@pytest.mark.parametrize("name", OWNED_MODULES)
def test_threads_stay_with_their_owner(name: str) -> None:
    found = [
        f"{named(file)}:{line}"
        for file in modules()
        if _elsewhere(named(file), OWNED_MODULES[name])
        for module, line in imports(file)
        if module == name or module.startswith(f"{name}.")
    ]
    assert found == []


def test_tests_wait_for_what_happens_and_never_for_time() -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in source_files("tests")
        for node in nodes(file)
        if isinstance(node, ast.Call) and called(node) in {"sleep", "wait_for_timeout", "qWait", "qSleep"}
    ]
    assert found == []


def test_the_domain_imports_the_standard_library_numpy_and_itself() -> None:
    known = sys.stdlib_module_names | {"numpy", "zeroline"}
    found = [
        f"{named(file)}:{line} {module}"
        for file in modules("domain")
        for module, line in imports(file)
        if module.split(".")[0] not in known
    ]
    assert found == []


def test_the_domain_reads_no_clock_and_opens_nothing() -> None:
    found = [
        f"{named(file)}:{node.lineno} {called(node)}"
        for file in modules("domain")
        for node in nodes(file)
        if isinstance(node, ast.Call) and called(node) in CLOCKS | FILES
    ]
    assert found == []


@pytest.mark.parametrize("part", ["services", "sources", "reports", "simulator"])
def test_only_the_command_line_prints(part: str) -> None:
    found = [
        f"{named(file)}:{node.lineno}"
        for file in modules(part)
        for node in nodes(file)
        if isinstance(node, ast.Call) and called(node) == "print"
    ]
    assert found == []
