"""`dadns audit` as a test sees it: exit status, messages, and the findings of its JSON as plain values."""

import dataclasses
import json
import subprocess

from . import environment

OK, WARNING, CRITICAL, UNKNOWN = range(4)  # exit statuses


@dataclasses.dataclass(frozen=True)
class Audit:
    status: int
    stderr: str
    report: dict

    def findings(self, *codes):
        """(code, name, type) of every finding, or of those codes; all without final dot."""
        return {
            (finding["code"], finding.get("name", "").removesuffix("."), finding.get("type", ""))
            for finding in self.report["findings"]
            if not codes or finding["code"] in codes
        }

    def codes(self):
        """Codes of findings, but for the note that every live source gets."""
        return {finding["code"] for finding in self.report["findings"]} - {"aging-unknown"}

    def details(self, code):
        return [finding.get("detail", "") for finding in self.report["findings"] if finding["code"] == code]

    def failures(self):
        """Of each source: why it gave nothing; "" where it gave something."""
        return [source.get("failure", "") for source in self.report["sources"]]


def audit(deployment, *options, timeout=5):
    """Runs it; deployment is a path. timeout: of dadns, which must end in a few times that."""
    command = [environment.dadns(), "audit", deployment, "--json", "--timeout", timeout, *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=20 * timeout)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    assert done.stdout, done.stderr
    return Audit(done.returncode, done.stderr, json.loads(done.stdout))


def zone(deployment, changes=None, further=()):
    """A zone file that has a deployment's records. changes: (label, type) → other addresses; further: lines."""
    lines = [
        f"$TTL {deployment.ttl}",
        "@ SOA ns.upstream.example. hostmaster.upstream.example. 1 3600 1200 604800 60",
        "@ NS ns.upstream.example.",
    ]
    for label, rrsets in deployment.records.items():
        for kind, addresses in rrsets.items():
            for address in (changes or {}).get((label, kind), addresses):
                lines.append(f"{label} {kind} {address}")
    return "\n".join([*lines, *further]) + "\n"
