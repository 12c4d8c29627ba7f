"""From one deployment to another: which of the two a reply came from."""

from . import compare, rows

QUERY_TYPES = ("A", "AAAA", "MX")


class Transition:
    """queries: every query whose reply differs between the two and comes from us in both."""

    def __init__(self, old, new):
        self._expected = {}  # query → (of the old, of the new deployment)
        new_rows = {row.name: row for row in rows.for_deployment(new)}
        for row in rows.for_deployment(old):
            if row.name not in new_rows:
                continue
            for kind in QUERY_TYPES:
                query = rows.STYLES["mixed case"](row.name, kind, "IN")
                pair = (rows.expectation(old, row, query), rows.expectation(new, new_rows[row.name], query))
                if rows.PASS not in pair and pair[0] != pair[1]:
                    self._expected[query] = pair
        self.queries = tuple(self._expected)

    def side(self, query, reply):
        """ "old", "new", or the differences from both where the reply is neither."""
        old, new = (compare.expected_differences(query, reply, expected) for expected in self._expected[query])
        if not old:
            return "old"
        if not new:
            return "new"
        return f"{query}\n  from old: {old}\n  from new: {new}"
