"""Random zones in many of the ways in which zone files are written, the same for the same seed."""

import random

LABELS = ["directaccess-corpConnectivityHost", "directaccess-WebProbeHost", "directaccess-NLS", "isatap-da"]
SUFFIXES = ["corp.example.net", "eu.corp.example.net"]
BLOCKED = ["isatap", "wpad"]
APEXES = ["corp.example.net", "example.net", "eu.corp.example.net", "dept.corp.example.net"]


class ZoneMaker:
    """Makes one zone. plain: only what ldns reads, too. stated: every record states its TTL."""

    def __init__(self, seed, plain=False, stated=False):
        self.random = random.Random(seed)
        self.plain = plain
        self.stated = stated
        self.apex = self.random.choice(APEXES)
        self.owners = {}  # name → what it may have: "data", or the only type
        self.ttls = {}  # (name, type) → TTL, where one was stated
        self.files = {}  # included ones

    def chance(self, probability):
        return self.random.random() < probability

    # ---- names ----

    def make_name(self):
        """An absolute name in the zone, without the final dot."""
        choice = self.random.random()
        apex = self.apex
        below = [apex] + [s for s in SUFFIXES if s.endswith("." + apex)]
        suffix = self.random.choice(below)
        if choice < 0.25:
            return f"{self.random.choice(LABELS)}.{suffix}"
        if choice < 0.45:
            return f"{self.random.choice(BLOCKED)}.{self.random.choice(['', 'a.', 'a.b.'])}{suffix}"
        if choice < 0.5:
            return f"*.{suffix}"
        if choice < 0.6:
            return suffix
        if choice < 0.65:  # close to ours, and not ours
            return self.random.choice(["x.isatap.", "isatapx.", "xwpad.", "directaccess.", "wpad-1."]) + suffix
        return f"host{self.random.randrange(40)}.{self.random.choice(['', '', 'dept.'])}{apex}"

    def escape(self, text):
        octet = self.random.randrange(len(text))
        if text[octet] in "*.-" or text[octet].isdigit():
            return text
        changed = f"\\{ord(text[octet]):03d}" if self.chance(0.7) else "\\" + text[octet]
        return text[:octet] + changed + text[octet + 1 :]

    def spell(self, name, origin, owner=False):
        """The name as it might stand in the file."""
        if name == origin and self.chance(0.8):
            return "@"
        relative = name.endswith("." + origin) and self.chance(0.7)
        text = name[: -len(origin) - 1] if relative else name + "."
        text = "".join(c.upper() if self.chance(0.2) else c for c in text)
        if self.chance(0.1):
            text = self.escape(text)
        if owner and not self.plain and self.chance(0.05):
            text = f'"{text}"'
        return text

    # ---- records ----

    def make_type(self, name):
        wildcard = name.startswith("*")
        only = self.owners.get(name)
        if only is None:
            only = "data"
            if name != self.apex and not wildcard:
                only = self.random.choices(["data", "CNAME", "DNAME", "NS"], [80, 12, 4, 4])[0]
            self.owners[name] = only
        elif only in ("CNAME", "DNAME"):
            return None
        if only != "data":
            return only
        return self.random.choices(["A", "AAAA", "TXT", "MX", "SRV", "TYPE65280"], [50, 15, 15, 10, 5, 5])[0]

    def make_rdata(self, kind, origin):
        r = self.random
        target = self.spell(r.choice(["host1." + self.apex, "elsewhere.example.org", self.apex]), origin)
        if kind == "A":
            octets = [10, r.randrange(4), r.randrange(256), r.randrange(1, 255)]
            if not self.plain and self.chance(0.05):
                return [r"\#", "4", "".join(f"{o:02x}" for o in octets[:3]), f"{octets[3]:02X}"]
            return [".".join(map(str, octets))]
        if kind == "AAAA":
            return [f"fd12:3456:789a:7777::{r.randrange(65536):x}"]
        if kind == "TXT":
            return [r.choice(['"a;b"', '"( not open"', r'"say \"hi\""', "plain", '"x) y"', r'"\\"', '"@"']), '"tail"']
        if kind == "MX":
            return [str(r.randrange(100)), target]
        if kind == "SRV":
            return ["0", "5", "389", target]
        if kind == "TYPE65280":
            return [r"\#", "2", "abcd"]
        return [target]

    def join(self, parts):
        """Puts tokens on one line, or on several in parentheses."""
        if len(parts) < 2 or self.chance(0.85):
            return self.random.choice([" ", "\t"]).join(parts) + self.random.choice(["", "", " ; comment ( \"", "  "])
        cut = self.random.randrange(1, len(parts))
        return (" ".join(parts[:cut]) + self.random.choice([" (", "( ; x )"]) + "\n"
                + "\n".join(self.random.choice(["\t", "    "]) + p for p in parts[cut:]) + " )")

    def fields(self, name, kind):
        """TTL and class, in an order, as far as they are there."""
        key = (name, kind)
        result = []
        if self.stated or self.chance(0.6):
            ttl = self.ttls.setdefault(key, self.random.choice([60, 300, 600, 1200, 3600, 86400]))
            spelled = {3600: "1h", 86400: "1D", 600: "10m"}.get(ttl, str(ttl))
            result.append(spelled if self.chance(0.4) else str(ttl))
        if self.chance(0.5):
            result.append(self.random.choice(["IN", "in"]))
        if not self.plain and self.chance(0.4):
            result.reverse()
        return result

    def make_record(self, last, origin):
        """Returns text, and the owner it leaves behind."""
        name = last if last is not None and self.chance(0.3) else self.make_name()
        if not (name == self.apex or name.endswith("." + self.apex)):
            name = self.apex
        kind = self.make_type(name)
        if kind is None:
            return None, last
        owner = "" if name == last and self.chance(0.8) else self.spell(name, origin, owner=True)
        kind_text = f"TYPE{dict(A=1, AAAA=28)[kind]}" if kind in ("A", "AAAA") and self.chance(0.03) else kind
        tokens = [*self.fields(name, kind), kind_text.lower() if self.chance(0.1) else kind_text]
        text = owner + self.random.choice([" ", "\t", "      "]) + self.join(tokens + self.make_rdata(kind, origin))
        return text, name

    # ---- files ----

    def make_generate(self, origin):
        start = self.random.randrange(20)
        stop = start + self.random.randrange(5)
        dollar = self.random.choice(["$", "${0,3}", "${-1,2,x}", "${5,0,o}", "${0,3,n}"])
        left = self.random.choice(["isatap.g", "wpad.sub", "gen", "isatap-"]) + dollar
        for number in range(start, stop + 1):  # no other record may stand at these names
            self.owners[f"g{number}"] = "data"
        step = self.random.choice(["", "/2"])
        fields = self.fields(f"{left}.{origin}", "A")
        return f"$GENERATE {start}-{stop}{step} {left} {' '.join(fields)} A 10.9.0.$"

    def make_soa(self):
        minimum = self.random.choice(["60", "1h", "300"])
        ttl = self.random.choice([["60"], []]) if not self.plain and not self.stated else ["60"]
        return "@ " + " ".join([*ttl, "IN", "SOA"]) + f" ns1 host (\n 1 ; serial\n 2h 3600\n 4w {minimum} ) ; minimum"

    def make_body(self, count, origin, last, depth):
        lines = []
        for _ in range(count):
            choice = self.random.random()
            if choice < 0.03:
                lines.append(self.random.choice(["", ";", "   ", " ; comment", "; \"("]))
            elif choice < 0.08:
                origin, text = self.make_origin(origin)
                lines.append(text)
            elif choice < 0.1 and not self.plain:
                lines.append(self.make_generate(origin))
            elif choice < 0.12 and not self.plain and depth < 3:
                lines.append(self.make_include(origin, last, depth))
            elif choice < 0.14 and not self.stated and not self.plain:
                lines.append(f"$TTL {self.random.choice(['60', '5m', '1H'])}")
            else:
                text, last = self.make_record(last, origin)
                if text is not None:
                    lines.append(text)
        return lines

    def make_origin(self, origin):
        new = self.random.choice([self.apex, "dept." + self.apex, *[s for s in SUFFIXES if s.endswith(self.apex)]])
        word = "$ORIGIN" if self.plain or self.chance(0.7) else "$origin"
        if new.endswith("." + origin) and not self.plain and self.chance(0.5):
            return new, f"{word} {new[: -len(origin) - 1]}"
        return new, f"{word} {new}."

    def make_include(self, origin, last, depth):
        name = f"inc{len(self.files)}"
        self.files[name] = ""
        inner, text = origin, f"$INCLUDE {name}"
        if self.chance(0.4):
            inner = "dept." + self.apex
            text += f" {inner}."
        self.files[name] = "\n".join(self.make_body(self.random.randrange(1, 8), inner, last, depth + 1)) + "\n"
        return text

    def make(self, count):
        head = ["; a zone"]
        if self.stated or self.plain or self.chance(0.6):
            head.append("$TTL 900")
        lines = [*head, self.make_soa(), "@ 60 NS ns1.example.org.", *self.make_body(count, self.apex, self.apex, 0)]
        self.files["zone"] = "\n".join(lines) + "\n"
        return self.files
