#!/usr/bin/env python3
"""Checks receipts, checkpoints, consistency proofs and signed results, offline.

    python3 receipt.py agent.pub FILE [FILE ...]

agent.pub holds the agent's public keys, one a line; - checks no signature. A
second reading of docs/journal.md, with Python's standard library alone. Ends
with 6 if something is wrong.
"""

import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys


class Wrong(Exception):
    pass


def need(true, *what):
    if not true:
        raise Wrong(" ".join(str(w) for w in what))


# Ed25519, RFC 8032, section 5.1: checking only, so nothing here is secret. A point
# is x, y, z, t with its coordinates x/z and y/z, and t = xy/z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def plus(a, b):
    k, l = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    m, n = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = l - k, n - m, n + m, l + k
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        total = plus(total, point) if n & 1 else total
        n, point = n >> 1, plus(point, point)
    return total


def point(b):
    n = int.from_bytes(b, "little")
    sign, y = n >> 255, n & 2**255 - 1
    need(y < P, "a point of the signature is out of range")
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == xx and (x or not sign), "a point of the signature is not on the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signs(key, text, signature):
    r, s = point(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little")
    a, b = times(s, BASE), plus(r, times(h % ORDER, point(key)))
    return s < ORDER and (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def decode(text, size=None):
    b = base64.b64decode(text, validate=True)
    need(base64.b64encode(b).decode() == text and size in (None, len(b)), repr(text), "is not base64 as it should be")
    return b


def read_keys(text):
    """Public keys by their name and the four bytes that tell them apart."""
    keys = {}
    for line in text.split():
        name, mark, key = line.split("+", 2)
        mark, key = bytes.fromhex(mark), decode(key)
        need(key[0] == 1 and len(key) == 33, "key", name, "is not of Ed25519")
        need(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4] == mark, "key", name, "is not what it is named by")
        keys[name, mark] = key[1:]
    return keys


seen = set()  # signatures that were checked


def open_note(note, keys):
    """The lines of a signed note. One known key at least has signed it."""
    text, _, signatures = note.rpartition("\n\n")
    need(signatures.endswith("\n"), "a note breaks off")
    text, good = text + "\n", 0
    for line in signatures.splitlines():
        dash, name, signature = line.split(" ")
        signature = decode(signature, 68)
        need(dash == "\u2014", "a signature begins with", dash)
        if key := (keys or {}).get((name, signature[:4])):
            need((key, text, line) in seen or signs(key, text.encode(), signature[4:]), "the signature of", name, "is wrong")
            seen.add((key, text, line))
            good += 1
    need(good or keys is None, "no key that is trusted signed it")
    return text.splitlines()


TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z"


def checkpoint(note, keys):
    lines = open_note(note, keys)
    need(len(lines) == 4 and lines[0].startswith("tenderbook/journal/"), "not a checkpoint:", lines)
    need(re.fullmatch("[1-9][0-9]*", lines[1]) and lines[3][:3] == "at " and moment(lines[3][3:]), "not a checkpoint:", lines)
    return {"offer": lines[0][19:], "size": int(lines[1]), "root": decode(lines[2], 32), "at": lines[3][3:]}


node = lambda left, right: hashlib.sha256(b"\1" + left + right).digest()


def inclusion(leaf, at, size, proof):
    """The root that the proof gives for a leaf: RFC 6962, section 2.1.1."""
    path, last = list(proof), size - 1
    while last:
        if at & 1 or at < last:
            need(path, "the proof breaks off")
            leaf = node(path.pop(0), leaf) if at & 1 else node(leaf, path.pop(0))
        at, last = at >> 1, last >> 1
    need(not path, "the proof goes on above the root")
    return leaf


def consistency(old, size, proof, root):
    """The roots of both sizes that the proof gives: RFC 6962, section 2.1.2."""
    if old == size:
        return (root, root) if not proof else (b"", b"")
    path, at, last = list(proof), old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    a = b = path.pop(0) if at else root
    while last:
        if at & 1:
            a, b = node(path[0], a), node(path.pop(0), b)
        elif at < last:
            b = node(b, path.pop(0))
        at, last = at >> 1, last >> 1
    need(not path, "the proof goes on above the root")
    return a, b


def take(lines, name):
    """The value of the next line, which has that name."""
    need(lines[0].startswith(name + " "), lines[0], "stands where", name, "should")
    return lines.pop(0)[len(name) + 1 :]


def block(lines, name):
    n = take(lines, name)
    need(re.fullmatch("0|[1-9][0-9]*", n) and int(n) <= len(lines), name, "breaks off")
    return [lines.pop(0) for _ in range(int(n))]


def moment(at):
    """A time of record, by second and nanosecond, so that it can be compared."""
    need(re.fullmatch(TIME, at), "time", at)
    since = datetime.datetime.fromisoformat(at[:19]) - datetime.datetime(1970, 1, 1)
    return since // datetime.timedelta(seconds=1), int(at[20:-1].ljust(9, "0"))


def check_receipt(text, keys):
    lines = text.split("\n")[1:]
    offer, n, at = (take(lines, name) for name in ("offer", "entry", "at"))
    leaf, body = decode(take(lines, "hash"), 32), decode(take(lines, "body"), 32)
    entry = decode(take(lines, "encoding")) if lines[0].startswith("encoding ") else None
    proof = [decode(h, 32) for h in block(lines, "proof")]
    c = checkpoint("\n".join(block(lines, "checkpoint")) + "\n", keys)
    need(lines == [""] and re.fullmatch("[1-9][0-9]*", n), "not a receipt")
    need(offer == c["offer"] and int(n) <= c["size"] and moment(at) <= moment(c["at"]), "the checkpoint does not cover entry", n)
    need(inclusion(leaf, int(n) - 1, c["size"], proof) == c["root"], "entry", n, "is not in the journal of the checkpoint")
    if entry is not None:
        check_entry(entry, offer, int(n), leaf, body, at)
    return f"entry {n} of {offer} is in the journal of {c['size']} entries"


def check_entry(entry, offer, n, leaf, body, at):
    need(hashlib.sha256(b"\0" + entry).digest() == leaf, "the entry shown is not that of the receipt")
    size = 3 + len(offer.encode())
    need(entry[:size] == b"\1" + (size - 3).to_bytes(2, "big") + offer.encode(), "the entry is not of", offer)
    number, nanos = int.from_bytes(entry[size : size + 8], "big"), int.from_bytes(entry[size + 8 : size + 16], "big", signed=True)
    kind, place = entry[size + 16 : size + 18], size + 18
    for _ in range(2):  # actor and key
        place += 2 + int.from_bytes(entry[place : place + 2], "big")
    place += 36
    need(number == n and int.from_bytes(entry[place - 4 : place], "big") == len(entry) - place, "entry", number, "is not", n)
    need(hashlib.sha256(kind + entry[place:]).digest() == body, "the entry's body is not that of the receipt")
    need(divmod(nanos, 10**9) == moment(at), "the entry's time is not that of the receipt")


def check_growth(text, keys):
    lines = text.split("\n")[1:]
    proof = [decode(h, 32) for h in block(lines, "proof")]
    old, new = (checkpoint("\n".join(block(lines, "checkpoint")) + "\n", keys) for _ in range(2))
    need(lines == [""] and old["offer"] == new["offer"] and old["size"] <= new["size"], "not of one journal")
    need(moment(old["at"]) <= moment(new["at"]), "the later checkpoint is of an earlier time")
    roots = consistency(old["size"], new["size"], proof, old["root"])
    need(roots == (old["root"], new["root"]), "the later journal does not begin with the earlier one")
    return f"the journal of {new['size']} entries begins with those {old['size']}"


def check_result(text, keys, name):
    lines = open_note(text, keys)
    data = pathlib.Path(re.sub(r"\.note$", ".json", name)).read_bytes()
    result, checksum = json.loads(data), hashlib.sha256(data[: -len(',\n "sha256": ""\n}\n') - 64]).hexdigest()
    need(result["sha256"] == checksum, "result.json was changed")
    place, root = result["journal"], base64.b64encode(bytes.fromhex(result["journal"]["root"])).decode()
    want = ["tenderbook/result/" + result["offer"], lines[1], "result " + checksum, f"entry {place['entries']}", lines[4], "root " + root]
    need(lines == want and lines[1] in ("run early", "run final") and decode(lines[4].removeprefix("head "), 32), "the note is of another result")
    return f"the result {checksum} of {result['offer']} was accepted in {want[3]}"


def check(text, keys, name=""):
    kinds = {"tenderbook receipt 1": check_receipt, "tenderbook consistency 1": check_growth}
    if kind := kinds.get(text.partition("\n")[0]):
        return kind(text, keys)
    if text.startswith("tenderbook/result/"):
        return check_result(text, keys, name)
    c = checkpoint(text, keys)
    return f"a checkpoint of {c['size']} entries of {c['offer']}"


def main(args):
    if len(args) < 2:
        sys.exit(__doc__)
    keys = None if args[0] == "-" else read_keys(pathlib.Path(args[0]).read_text())
    for name in args[1:]:
        try:
            said = check(pathlib.Path(name).read_bytes().decode(), keys, name)
            print(f"{name}: {said}" + ("" if keys else "; no signature was checked"))
        except (Wrong, ValueError, KeyError, IndexError, TypeError, OSError) as e:
            print(f"{name}: {e}", file=sys.stderr)
            return 6
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
