#!/usr/bin/env python3
"""Checks the result of a tender offer, and one's own row of it, offline.

    python3 verify.py result.json [row.json ...]

A second reading of docs/journal.md, in Python's standard library. Ends with 6 if something is wrong.
"""

import hashlib
import json
import re
import sys
from fractions import Fraction

TOTALS = ["tenders", "tendered", "accepted", "consideration", "interest"]


def need(true, *what):
    if not true:
        raise ValueError(" ".join(str(w) for w in what))


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
    need(values["format"] in (kind + "1", kind + "2"), "format", values["format"], "needs", kind + "1 or 2")
    return values, stated


def ratio(text):
    need(re.fullmatch(r"[0-9]+(/[0-9]+)?", text) and str(Fraction(text)) == text, "ratio", text)
    return Fraction(text)


def half_up(x):
    return (2 * x + 1) // 2


def check_result(r):
    need(r["rules"].get("pay_by") == {"1": None, "2": "participant"}[r["format"][-1]], "format", r["format"])
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
            if cover["series"] == l["series"]:
                price, accrued = ratio(l["price"]), ratio(l["accrued"])
                weight = {"principal": 1, "price": price, "price-and-interest": price + accrued}[c["counts"]]
                x = l["accepted"] * weight * ratio(cover["rate"])
                used, bound = used + x, bound + (0 if cover.get("less") else x)
    need(used == ratio(c["used"]), "the lines use", used, "of", c["name"], "the result says", c["used"])
    need(all(ratio(k["rate"]) >= 0 for k in c["covers"]) and (used <= c["amount"] or bound == 0), used, "used of", c["name"], "of", c["amount"])


def texts(*values):
    return b"".join(len(v).to_bytes(4, "big") + v for v in (str(v).encode() for v in values))


def parse(text, like):
    """The sums of a node: as many numbers as there are totals, and of their kinds."""
    values = text.replace(", ", " ").split(" ")
    sums = [type(k)(v) for v, k in zip(values, like)]
    need(len(values) == len(like) and [str(n) for n in sums] == values, "sums", text)
    return sums


def pack(sums):
    need(all(n >= 0 and (n < 2**63 or isinstance(n, Fraction)) for n in sums), "a sum does not fit 63 bits")
    return b"".join(texts(n) if isinstance(n, Fraction) else n.to_bytes(8, "big") for n in sums)


def row_commitment(row):
    t, numbers = row["tender"], ["series", "principal", "at_least", "undelivered", *TOTALS[2:], "unit_tendered", "unit_accepted", "unit_wholes"]
    b = bytes.fromhex(row["salt"]) + texts(t["id"], t["timing"], t.get("bid", "none"), *(t.get(k, 0) for k in numbers))
    b += texts(*(s[k] for s in row["shares"] for k in ("line", "offered", "floor", "accepted", "rule")))
    return hashlib.sha256(b).digest()


def climb(parts, commitment, leaves, root, totals):
    """What the parts add up to, each of which must lead to the root and its totals."""
    whole = [0 * n for n in totals]
    need(len({part["leaf"] for part in parts}) == len(parts), "a leaf is shown twice")
    for part in parts:
        sums = parse(part["sums"], totals)
        whole = [x + y for x, y in zip(whole, sums)]
        digest = hashlib.sha256(b"\0" + commitment + bytes.fromhex(part["salt"]) + pack(sums)).digest()
        at, width, path = part["leaf"], leaves, list(part["path"])
        need(0 <= at < width, "leaf", at, "of", width)
        while width > 1:
            if at ^ 1 < width:
                node = path.pop(0)  # an IndexError where it breaks off
                pair = [(digest, sums), (bytes.fromhex(node["hash"]), parse(node["sums"], totals))][:: -1 if at & 1 else 1]
                digest = hashlib.sha256(b"\1" + b"".join(h + pack(s) for h, s in pair)).digest()
                sums = [x + y for x, y in zip(pair[0][1], pair[1][1])]
            at, width = at // 2, (width + 1) // 2
        need(not path and digest.hex() == root, "leaf", part["leaf"], "is not in the tree")
        need(sums == totals, "the tree does not add up to the totals")
    return whole


def check_place(r, row, payments, exact):
    """What is paid is in the totals: the row, or the payment of its participant that it is a part of."""
    t, p, commitment, n = row["tender"], row.get("payment"), row_commitment(row), row["tender"]["series"]
    need(row["format"][-1] == r["format"][-1] == ("1" if p is None else "2"), "a row of the format", row["format"])
    paid, shares = [1] + [t[k] for k in ("principal", *TOTALS[2:])], [(half_up(x),) * 2 for x in exact]
    if p is not None:
        sums, up_from = parse(p["sums"], [0] * 5 + [Fraction()] * 2), [ratio(p["up_from_" + what]) for what in TOTALS[3:]]
        need(climb(p["parts"], commitment, p["leaves"], p["root"], sums) == paid + exact, "what its leaves in the payment count is not what the row says")
        need(sums[3:5] == [half_up(x) for x in sums[5:]], "the payment of", p["payee"], "is not its sum rounded")
        shares = [(int(x) + (x % 1 > u), int(x) + (x % 1 >= u and x % 1 > 0)) for x, u in zip(exact, up_from)]
        text = bytes.fromhex(p["salt"]) + texts(p["payee"], n, p["leaves"]) + pack(sums) + texts(*up_from) + bytes.fromhex(p["root"])
        paid, commitment = sums[:5], hashlib.sha256(text).digest()
        need(payments.setdefault((p["payee"], n), commitment) == commitment, p["payee"], "is shown two payments for one series")
    for what, (low, high) in zip(TOTALS[3:], shares):
        need(low <= t[what] <= high, "the terms give a", what, "of", low, "to", high, "not", t[what])
    whole = climb(row["parts"], commitment, r["leaves"], r["root"], [s[what] for s in r["series"] for what in TOTALS])
    need(whole == [0] * (5 * n) + paid + [0] * (len(whole) - 5 * n - 5), "what its leaves count is not what the row says")


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
    """What is accepted follows. Gives what is claimed for it: consideration and interest, exactly."""
    t, got, shares, price, accrued = row["tender"], 0, list(row["shares"]), Fraction(), Fraction()
    size, alone, inc = t["unit_tendered"], t["unit_tendered"] == t["principal"], r["series"][t["series"]]["increment"]
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
    return [price * paid, accrued * paid]


def main(names):
    if not names:
        sys.exit(__doc__)
    payments = {}
    for at, name in enumerate(names):
        try:
            if at == 0:
                result, checksum = read(name, "tenderbook result ")
                check_result(result)
                print(f"{name}: the result of {result['offer']} agrees with itself; its checksum is {checksum}")
            else:
                row, _ = read(name, "tenderbook row ")
                need(row["result"] == checksum, "a row of the result", row["result"])
                check_place(result, row, payments, check_amounts(result, row))
                print(f"{name}: tender {row['tender']['id']} is counted, and gets {row['tender']['accepted']} as it should")
        except (ValueError, KeyError, IndexError, TypeError, OSError) as e:
            print(f"{name}: {e}", file=sys.stderr)
            return 6
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
