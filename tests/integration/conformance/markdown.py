"""The table of all ways in, as README.md and the manual show it: from what a run measured, nothing of it typed in.

A cell is a tick where every reply was the table's, or the numbers of the notes that tell what is otherwise.
"""

import pathlib
import textwrap

from table.cases import Question, question

TICK = "✓"
NOT_ASKED = "–"
WRONG = "**wrong**"
CONDITIONS = (Question.DOWN, Question.NO_RD)

ROOT = pathlib.Path(__file__).resolve().parents[3]
BEGIN = "<!-- what scripts/conformance prints: --update writes it anew -->"
END = "<!-- end of what scripts/conformance prints -->"
README = ROOT / "README.md"
MANUAL = ROOT / "packaging/manual/servers.md"


class Column:
    """A way in and its outcomes."""

    def __init__(self, way, outcomes):
        self.way = way
        self.asked = set()
        self.wrong = set()
        self._deviations = {line: [] for line in Question}
        for outcome in outcomes:
            self._add(outcome)

    def deviations(self, line):
        """Those of a line. Of upstream down and of RD only what does not stand in another line anyway."""
        found = self._deviations[line]
        if line not in CONDITIONS:
            return found
        elsewhere = [other for others in Question if others not in CONDITIONS for other in self._deviations[others]]
        return [deviation for deviation in found if deviation not in elsewhere]

    def _add(self, outcome):
        own = question(outcome.case)
        self.asked |= {own, *outcome.shown}
        if outcome.wrong:
            self.wrong.add(own)
        for deviation in outcome.occurred:
            line = self._deviations[deviation.aspect or own]
            if deviation not in line:
                line.append(deviation)


class Table:
    """columns: of all ways in; resolvers and authoritative servers get a table each, with notes in common."""

    def __init__(self, columns):
        self._columns = columns
        self._notes = {}  # title → (number, reason → names of the ways in)
        self._cells = {}  # (way's name, line) → text
        for group in self._groups():
            for line in Question:
                for column in group:
                    self._cells[column.way.name, line] = self._cell(column, line)

    def tables(self):
        parts = []
        for title, group in zip(("Resolvers and forwarders", "Authoritative servers"), self._groups()):
            rows = [[title, *(column.way.title.replace(": ", "<br>") for column in group)]]
            rows.append(["---", *(":---:" for _ in group)])
            for line in Question:
                cells = [self._cells[column.way.name, line] for column in group]
                if any(cell != NOT_ASKED for cell in cells):
                    rows.append([line.value, *cells])
            parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
        return "\n\n".join(parts) + "\n"

    def notes(self):
        return "".join(self._note(number, title, reasons) for title, (number, reasons) in self._notes.items())

    @staticmethod
    def _note(number, title, reasons):
        text = f"{number}. **{title}**"
        for reason, names in reasons.items():
            # Which way it is needs no saying where all that have the number have it for one reason.
            text += f" {reason}" if len(reasons) == 1 else f" {', '.join(names)}: {reason}"
        indent = " " * len(f"{number}. ")
        return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) + "\n"

    def _groups(self):
        return [[column for column in self._columns if column.way.resolves is resolves] for resolves in (True, False)]

    def _cell(self, column, line):
        if line not in column.asked:
            return NOT_ASKED
        if line in column.wrong:
            return WRONG
        numbers = [self._number(column.way, deviation) for deviation in column.deviations(line)]
        return ", ".join(map(str, sorted(set(numbers)))) or TICK

    def _number(self, way, deviation):
        """Ways that do the same share a number, whatever their reasons."""
        number, reasons = self._notes.setdefault(deviation.title, (len(self._notes) + 1, {}))
        names = reasons.setdefault(deviation.reason, [])
        name = way.title.replace(":", "")
        if name not in names:
            names.append(name)
        return number


def documents(table):
    """Document → what must stand between its marks."""
    return {README: table.tables(), MANUAL: f"{table.tables()}\n{table.notes()}"}


def current(path):
    """What stands between the marks of a document; None where it has none."""
    parts = path.read_text().partition(BEGIN + "\n")[2].partition("\n" + END)
    return parts[0] if parts[1] else None


def replace(path, text):
    """Writes the text between the marks; False where the document has none."""
    before, begin, rest = path.read_text().partition(BEGIN + "\n")
    _, end, after = rest.partition("\n" + END)
    if not end:
        return False
    path.write_text(before + begin + text + end + after)
    return True
