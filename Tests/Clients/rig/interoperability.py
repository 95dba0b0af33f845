"""What the tests showed, as a table: feature × direction × vendor, each cell from tests that ran.

A test says what it shows with `@pytest.mark.shows(feature, direction)`; its module's chapter is
`pytestmark = pytest.mark.chapter("…")`.
"""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

TO_LOOPBOOKING = "calendar → LoopBooking"
TO_CALENDAR = "LoopBooking → calendar"
BOTH = "both at once"
DIRECTIONS = (TO_LOOPBOOKING, TO_CALENDAR, BOTH)

MICROSOFT = "Microsoft 365"
# How each vendor was spoken to, for whoever reads the table.
VENDORS = {
    MICROSOFT: "Microsoft Graph as loopsim speaks it; the other person uses msgraph-sdk or O365.",
}

HEAD = """\
# Interoperability

What works with which calendar system, each cell from tests that ran. Written by the client tests: `make interoperability`.
Do not edit.

✓ every test of the cell passed · ✗ one of them failed · — no test shows it
"""


def shows(feature: str, direction: str | None = None, vendor: str = MICROSOFT):
    """Without a direction: the one of the test's `way` mark, which a fixture's parameter carries."""
    assert direction is None or direction in DIRECTIONS, direction
    return pytest.mark.shows(feature, direction, vendor=vendor)


@dataclass
class Cell:
    tests: dict[str, bool | None] = field(default_factory=dict)

    def __str__(self) -> str:
        ran = {test: passed for test, passed in self.tests.items() if passed is not None}
        if not ran:
            return "—"
        mark = "✓" if all(ran.values()) else "✗"
        names: dict[str, list[str]] = {}
        for test in ran:
            name, _, parameters = test.partition("[")
            names.setdefault(name, []).append(parameters.removesuffix("]"))
        shown = [
            f"`{name}[{parameters[0]}]`" if len(parameters) == 1 and parameters[0] else f"`{name}`"
            for name, parameters in names.items()]
        return f"{mark} {'<br>'.join(shown)}"


class Interoperability:
    """A pytest plugin: notes what was collected and how it ended."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.complete = False
        # vendor → chapter → feature → direction
        self.table: dict[str, dict[str, dict[str, dict[str, Cell]]]] = {}
        self._cells: dict[str, list[tuple[Cell, str]]] = {}
        self._left_out = False

    def pytest_deselected(self, items) -> None:
        self._left_out = self._left_out or bool(items)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items) -> None:
        files = {item.path for item in items}
        everything = files == set(self.folder.glob("test_*.py"))
        self.complete = everything and not any("::" in str(argument) for argument in config.args)
        for item in items:
            chapter = item.get_closest_marker("chapter")
            # The mark nearest to the test comes first; read from the outside in.
            for mark in item.iter_markers("shows"):
                feature, direction = mark.args
                direction = direction or item.get_closest_marker("way").args[0]
                assert chapter, f"{item.nodeid} shows something and its module has no chapter"
                features = self.table.setdefault(mark.kwargs["vendor"], {}).setdefault(chapter.args[0], {})
                cell = features.setdefault(feature, {}).setdefault(direction, Cell())
                cell.tests[item.name] = None
                self._cells.setdefault(item.nodeid, []).append((cell, item.name))

    def pytest_runtest_logreport(self, report) -> None:
        for cell, name in self._cells.get(report.nodeid, []):
            # Known not to work: it ran, and failed as it was said to.
            if report.failed or report.when == "call" and hasattr(report, "wasxfail"):
                cell.tests[name] = False
            elif report.when == "call" and report.passed and cell.tests[name] is None:
                cell.tests[name] = True

    @property
    def ran_whole(self) -> bool:
        """Whether all of the tests were to run, so that the table tells everything."""
        return self.complete and not self._left_out

    def text(self) -> str:
        lines = [HEAD]
        for vendor, chapters in self.table.items():
            lines += [f"## {vendor}", "", VENDORS[vendor], ""]
            for chapter, features in chapters.items():
                used = [each for each in DIRECTIONS if any(each in cells for cells in features.values())]
                lines += [f"### {chapter}", "", f"| feature | {' | '.join(used)} |", f"| --- |{' --- |' * len(used)}"]
                for feature, cells in features.items():
                    lines.append(f"| {feature} | {' | '.join(str(cells.get(each, Cell())) for each in used)} |")
                lines.append("")
        return "\n".join(lines)
