#!/usr/bin/env python3
"""Checks the result of a tender offer, and one's own row of it, offline.

    python3 verify.py result.json [row.json ...]

A second reading of docs/journal.md, with Python's standard library alone. Ends
with 6 if something is wrong.
"""

import hashlib
import json
import re
import sys
from fractions import Fraction

TOTALS = ["tenders", "tendered", "accepted", "consideration", "interest"]


class Wrong(Exception):
    pass


def need(true, *what):
    if not true:
        raise Wrong(" ".join(str(w) for w in what))


def no_doubles(pairs):
    need(len(dict(pairs)) == len(pairs), "a name stands twice:", [p[0] for p in pairs])
    return dict(pairs)


def read(name, kind):
    """The values of a file that ends with its checksum, and the checksum."""
    with open(name, "rb") as f:
        data = f.read()
    end = re.search(rb',\n "sha256": "([0-9a-f]{64})"\n}\n\Z', data)
    need(end, "the file does not end with its checksum: it was cut off or changed")
    body, stated = data[: end.start()], end.group(1).decode()
    need(hashlib.sha256(body).hexdigest() == stated, "the file was changed: its checksum is not", stated)
    values = json.loads(body + b"\n}", object_pairs_hook=no_doubles)
    need(values["format"] == kind, "format", values["format"], "needs", kind)
    return values, stated


def ratio(text):
    need(re.fullmatch(r"[0-9]+(/[0-9]+)?", text) and str(Fraction(text)) == text, "ratio", text)
    return Fraction(text)


def half_up(x):
    return (2 * x + 1) // 2


def check_result(r):
    for i, l in enumerate(r["lines"]):
        need(0 <= ratio(l["factor"]) <= 1 and ratio(l["price"]) + ratio(l["accrued"]) >= 0, "line", i, "has the factor", l["factor"])
        need(0 <= l["accepted"] <= l["tendered"], "line", i, "accepts more than it was tendered")
        need(l["step"] >= r["lines"][max(0, i - 1)]["step"] and l["series"] < len(r["series"]), "line", i, "has no place")
        need(not (l.get("rejected") and (l["accepted"] or ratio(l["factor"]))), "line", i, "is rejected and accepts")
    for n, s in enumerate(r["series"]):
        lines = [l for l in r["lines"] if l["series"] == n]
        got = s.get("unserved", 0) + sum(l["tendered"] for l in lines if l.get("place", 0) == 0)
        need(got == s["tendered"], "the lines of", s["id"], "were tendered", got, "the total is", s["tendered"])
        for what in TOTALS[2:]:
            got = sum(l[what] for l in lines)
            need(got == s[what], "the lines of", s["id"], "add up to", what, got, "the total is", s[what])
    for c in r["caps"]:
        check_cap(r, c)


def check_cap(r, c):
    used, bound = ratio(c["before"]), 0
    for l in r["lines"]:
        for cover in c["covers"]:
            price, accrued = ratio(l["price"]), ratio(l["accrued"])
            if cover["series"] == l["series"]:
                weight = {"principal": 1, "price": price, "price-and-interest": price + accrued}[c["counts"]]
                x = l["accepted"] * weight * ratio(cover["rate"])
                used += x
                bound += 0 if cover.get("less") else x
    need(used == ratio(c["used"]), "the lines use", used, "of", c["name"], "the result says", c["used"])
    need(all(ratio(k["rate"]) >= 0 for k in c["covers"]) and (used <= c["amount"] or bound == 0), used, "used of", c["name"], "of", c["amount"])


def texts(*values):
    return b"".join(len(v).to_bytes(4, "big") + v for v in (str(v).encode() for v in values))


def parse_sums(text, series):
    sums = [[int(n) for n in one.split(" ")] for one in text.split(", ")]
    need(len(sums) == series and all(len(s) == 5 and 0 <= n < 2**63 for s in sums for n in s), "sums", text)
    return sums


def pack(sums):
    return b"".join(n.to_bytes(8, "big") for s in sums for n in s)


def add(a, b):
    sums = [[x + y for x, y in zip(s, t)] for s, t in zip(a, b)]
    need(all(n < 2**63 for s in sums for n in s), "a sum does not fit 63 bits")
    return sums


def commitment(row):
    t = row["tender"]
    b = bytes.fromhex(row["salt"]) + texts(t["id"], t["timing"], t.get("bid", "none"))
    b += texts(t["series"], t["principal"], t.get("at_least", 0), t.get("undelivered", 0), t["accepted"])
    b += texts(*(t[k] for k in ("consideration", "interest", "unit_tendered", "unit_accepted", "unit_wholes")))
    for s in row["shares"]:
        b += texts(s["line"], s["offered"], s["floor"], s["accepted"], s["rule"])
    return hashlib.sha256(b).digest()


def check_parts(r, row):
    n, t = len(r["series"]), row["tender"]
    total, seen = [[0] * 5 for _ in range(n)], set()
    for part in row["parts"]:
        need(part["leaf"] not in seen, "leaf", part["leaf"], "is shown twice")
        seen.add(part["leaf"])
        sums = parse_sums(part["sums"], n)
        total = add(total, sums)
        digest = hashlib.sha256(b"\0" + commitment(row) + bytes.fromhex(part["salt"]) + pack(sums)).digest()
        at, width, path = part["leaf"], r["leaves"], list(part["path"])
        need(0 <= at < width, "leaf", at, "of", width)
        while width > 1:
            if at ^ 1 < width:
                node = path.pop(0)  # an IndexError where it breaks off
                pair = [(digest, sums), (bytes.fromhex(node["hash"]), parse_sums(node["sums"], n))]
                if at & 1:
                    pair.reverse()
                digest = hashlib.sha256(b"\1" + b"".join(h + pack(s) for h, s in pair)).digest()
                sums = add(pair[0][1], pair[1][1])
            at, width = at // 2, (width + 1) // 2
        need(not path, "the path of leaf", part["leaf"], "goes on above the root")
        need(digest.hex() == r["root"], "leaf", part["leaf"], "is not in the tree of the result")
        need(sums == [[s[what] for what in TOTALS] for s in r["series"]], "the tree does not add up to the totals")
    want = [[0] * 5 for _ in range(n)]
    want[t["series"]] = [1, t["principal"], t["accepted"], t["consideration"], t["interest"]]
    need(total == want, "what its leaves count is not what the row says")


def lines_of(r, t):
    phase, bid = "", 0
    if auction := r["rules"].get("auction"):
        clearing = auction["clearing"][t["series"]]
        own = t.get("bid", auction["worst"] if auction["no_bid"] == "limit" else auction["best"])
        if clearing is None or own > clearing:
            return []
        if auction["pays_bid"]:
            bid = own if "bid" in t or auction["no_bid"] != "clearing" else clearing
        phase = "better" if own < clearing and not auction["prorate_all"] else "clearing"
        if t["timing"] == "late" and any(l["series"] == t["series"] and l.get("phase") == "late" for l in r["lines"]):
            phase = "late"
    mine = (t["series"], t["timing"], 0 < r["rules"].get("small_up_to", 0) >= t["unit_tendered"], phase, bid)
    whose = lambda l: (l["series"], l["timing"], l.get("small", False), l.get("phase", ""), l.get("bid", 0))
    return [i for i, l in enumerate(r["lines"]) if whose(l) == mine]


def stubbed(rule, size, prior, inc, least, last, steps):
    """What the stub rule makes of so many whole increments."""
    a, offered = steps * inc, size - prior
    if a == 0 or rule == "ignore":
        return a
    if size < least:
        return offered if rule == "accept" else 0
    rest = size - prior - a
    if not (prior + a < least or last and 0 < rest < least):
        return a
    if rule in ("reject", "accept"):
        return 0 if rule == "reject" else offered
    if prior + a < least:
        return 0 if last and 0 < size - least < least else least - prior
    leave = max(0, size - least - prior) // inc * inc
    return leave if prior + leave >= least else 0


def check_share(r, t, line, share):
    factor, rules, series = ratio(line["factor"]), r["rules"], r["series"][t["series"]]
    offered, accepted = share["offered"], share["accepted"]
    if line.get("rejected") and accepted == 0 or factor == 1 and accepted == offered:
        return None
    size, inc, least = t["unit_tendered"], series["increment"], series["minimum"]
    prior, last = size - offered, line.get("place", 0) == series["places"] - 1
    steps = min(factor * offered // inc, max(0, t["unit_wholes"] - prior // inc))
    need(share["floor"] == steps * inc, offered, "rounded down is", steps * inc, "the row says", share["floor"])
    gives = lambda n: stubbed(rules["stub"], size, prior, inc, least, last, n)
    want = gives(steps)
    if accepted == want and share["rule"] != "remainder":
        return None
    if rules["leftover"] == "largest-remainder" and share["rule"] == "remainder" and accepted == share["floor"] + inc:
        return need(want == share["floor"] and accepted <= offered, "a remainder on top of", want)
    whole, leaves = (least - prior + inc - 1) // inc, (size - least - prior) // inc
    turns = [gives(n) for n in (0, 1, whole - 1, whole, leaves, leaves + 1) if 0 <= n <= steps]
    raised = rules["leftover"] == "raise-factor" and accepted > want and accepted in turns
    return need(raised, accepted, "accepted of", offered, "the factor", factor, "and the rules give", want)


def check_amounts(r, row):
    t = row["tender"]
    inc = r["series"][t["series"]]["increment"]
    size, got, shares = t["unit_tendered"], 0, list(row["shares"])
    alone, price, accrued = size == t["principal"], 0, 0
    need(0 < t["principal"] <= size and 0 <= t["unit_wholes"] <= size // inc, "tender and unit do not fit")
    need(not alone or t["unit_wholes"] == size // inc, "a tender of", size, "with", t["unit_wholes"], "increments")
    need(alone or r["rules"]["prorate_by"] != "instruction" and not t.get("at_least"), "a unit of several tenders")
    if shares or not t.get("at_least"):
        for i in lines_of(r, t):
            if got == size:
                break
            need(shares and shares[0]["line"] == i, "no share in line", i, "where it takes part")
            share = shares.pop(0)
            need(share["offered"] == size - got, "takes part with", share["offered"], "of", size - got)
            check_share(r, t, r["lines"][i], share)
            got += share["accepted"]
            price, accrued = ratio(r["lines"][i]["price"]), ratio(r["lines"][i]["accrued"])
    need(not shares and got == t["unit_accepted"], "its shares add up to", got, "the row says", t["unit_accepted"])
    low = min(got * t["principal"] // (size * inc), t["principal"] // inc) * inc
    low, high = (got * t["principal"] // size,) * 2 if alone or got == size else (low, t["principal"])
    need(low <= t["accepted"] <= high, t["accepted"], "accepted, needs", low, "to", high)
    need(t["accepted"] == 0 or t["accepted"] >= t.get("at_least", 0), "less accepted than its condition")
    paid = max(0, min(t["accepted"], t["principal"] - t.get("undelivered", 0)))
    need(half_up(price * paid) == t["consideration"], "the price gives", half_up(price * paid), "not", t["consideration"])
    need(half_up(accrued * paid) == t["interest"], "the accrued interest gives", half_up(accrued * paid), "not", t["interest"])


def main(names):
    if not names:
        sys.exit(__doc__)
    for at, name in enumerate(names):
        try:
            if at == 0:
                result, checksum = read(name, "tenderbook result 1")
                check_result(result)
                print(f"{name}: the result of {result['offer']} agrees with itself; its checksum is {checksum}")
            else:
                row, _ = read(name, "tenderbook row 1")
                need(row["result"] == checksum, "a row of the result", row["result"])
                check_parts(result, row)
                check_amounts(result, row)
                print(f"{name}: tender {row['tender']['id']} is counted, and gets {row['tender']['accepted']} as it should")
        except (Wrong, ValueError, KeyError, IndexError, TypeError, OSError) as e:
            print(f"{name}: {e}", file=sys.stderr)
            return 6
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
