"""What a grid can tell: figures of a column, groups, two runs compared, training rows traced back. Each answer is held
against what Python says of the same random tables."""
import collections
import datetime
import decimal
import os
import random
import re

import pyarrow as pa
import pyarrow.parquet as pq

from harness import Workspace, main, need

WS = Workspace()
DAY = datetime.timedelta(days=1)
BEGIN = datetime.datetime(2024, 1, 1)


def counts(dump):
    """Bars of a dump: text -> count."""
    return {m[1].strip(): int(m[2].replace(",", "")) for line in dump.splitlines() for m in [re.match(r"   (\S.*?) +([\d,]+) +<?[\d.]+ %", line)] if m}


def title_rows(dump):
    m = re.search(r"1/([\d,]+)", dump.splitlines()[0])
    return int(m[1].replace(",", "")) if m else 0


def write_numbers(name, n, seed):
    rng = random.Random(seed)
    rows = {
        "i": [rng.choice([None, *range(-7, 9)]) for _ in range(n)],
        "d": [None if rng.random() < 0.1 else round(rng.gauss(0, 40), 3) for _ in range(n)],
        "m": [decimal.Decimal(rng.randrange(-5000, 90000)) / 100 for _ in range(n)],
        "t": [BEGIN + datetime.timedelta(seconds=rng.randrange(20 * 86400)) for _ in range(n)],
        "s": [rng.choice(["a'b", "back\\slash", "", None, "é", "line\nend"]) for _ in range(n)],
        "b": [rng.choice([True, False, None]) for _ in range(n)],
    }
    types = [pa.int32(), pa.float64(), pa.decimal128(9, 2), pa.timestamp("us", "UTC"), pa.string(), pa.bool_()]
    pq.write_table(pa.table({k: pa.array(v, t) for (k, v), t in zip(rows.items(), types)}), WS.work / name)
    return rows


def number(text):
    return BEGIN.fromisoformat(text) if ":" in text else decimal.Decimal(text)


def spread(dump):
    lines = dump.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(" spread"))
    return counts("\n".join(lines[at + 1:]))


def test_a_columns_figures_are_those_of_its_rows():
    rows = write_numbers("numbers.parquet", 3000, 1)
    script = "type :preview ./numbers.parquet\nkey enter\nexpect i\nwait\n"
    for k in range(6):
        script += f"key f\nexpect rows\nwait\ndump {'idmtsb'[k]}\nkey q l\n"
    got = WS.screen(script, "120x60")
    for name, values in rows.items():
        dump = got[name]
        there = [v for v in values if v is not None]
        need(re.search(r"^ rows +3,000  exact", dump, re.M), dump)
        need(re.search(rf"^ NULLs +{len(values) - len(there):,}  (exact|from footers)", dump, re.M), dump)
        if name != "m" and name != "t" and name != "d":
            need(re.search(rf"^ distinct +{len(set(there))}  exact", dump, re.M), dump)
    for name in "dmt":
        values = [v for v in rows[name] if v is not None]
        values = [decimal.Decimal(repr(v)) if isinstance(v, float) else v for v in values]
        bins = spread(got[name])
        need(5 < len(bins) <= 24 and sum(bins.values()) == len(values), bins)
        for i, (text, count) in enumerate(bins.items()):
            low, high = map(number, text.split(" .. "))
            is_last = i + 1 == len(bins)
            want = sum(low <= v < high or (is_last and v == high) for v in values)
            need(want == count, f"{name} {text}: {count}, not {want}")
    singles = spread(got["i"])
    need({int(k): v for k, v in singles.items()} == dict(collections.Counter(v for v in rows["i"] if v is not None)), singles)
    frequent = counts(got["s"].split("spread")[0])
    want = collections.Counter("NULL" if v is None else v.replace("\n", "\\n") for v in rows["s"])
    need(all(frequent[k] == n for k, n in want.items() if k), (frequent, want))


def test_every_bar_leads_to_its_rows():
    rows = write_numbers("numbers.parquet", 3000, 1)
    for column, at in (("s", 4), ("d", 1), ("t", 3)):
        script = f"type :preview ./numbers.parquet\nkey enter\nexpect i\nwait\nkey w\ntype i > 0\nkey enter\nwait\nkey {'l ' * at}f\nwait\ndump facts\n"
        dump = WS.screen(script, "120x60")["facts"]
        lines = dump.splitlines()[1:]
        bars = [i for i, line in enumerate(lines) if counts(line)]
        for i in bars[:8]:
            got = WS.screen(f"{script}key {'j ' * i}enter\nwait\nkey G\nwait\nkey g\nwait\ndump rows\n", "120x60")
            need(title_rows(got["rows"]) == list(counts(lines[i]).values())[0], (lines[i], got["rows"].splitlines()[0]))
            need("i > 0" in got["rows"], got["rows"])
    need(len(rows["i"]) == 3000, "rows")


def test_a_condition_is_respected_by_the_verb():
    rows = write_numbers("numbers.parquet", 3000, 2)
    want = [v for v, i in zip(rows["m"], rows["i"]) if i is not None and i > 3]
    got = WS.json("stats", "./numbers.parquet", "--where", "i > 3", "-c", "m")[0]
    need(got["rows"]["value"] == len(want) and got["source"] == "scan", got)
    need(decimal.Decimal(str(got["max"]["value"])) == max(want), got)


def test_figures_say_when_they_are_sampled_or_about():
    pq.write_table(pa.table({"n": pa.array(range(5_200_000), pa.int32())}), WS.work / "many.parquet")
    got = WS.screen("type :preview ./many.parquet\nkey enter\nexpect int\nwait\nkey f\nwait\ndump sample\nkey a\nwait\ndump all\n", "110x40")
    need("sampled (1,000,000 of 5,200,000)" in got["sample"], got["sample"])
    need(re.search(r"^ greatest +5199999  from footers", got["sample"], re.M), got["sample"])
    need("sampled" not in got["all"] and sum(spread(got["all"]).values()) == 5_200_000, got["all"])
    os.unlink(WS.work / "many.parquet")


def test_bars_have_an_ascii_twin():
    write_numbers("numbers.parquet", 3000, 1)
    (WS.work / "ascii.yaml").write_text("ui: {ascii: true}\n")
    got = WS.screen("type :preview ./numbers.parquet\nkey enter\nexpect i\nwait\nkey f\nwait\ndump facts\nkey F\nwait\ndump groups\n", "80x60",
                    "--config", "ascii.yaml")
    need("####" in got["facts"] and "####" in got["groups"], got["facts"])
    need(all(ord(c) < 128 for c in got["facts"] + got["groups"]), got["facts"])


def test_groups_are_counted_by_several_columns():
    rows = write_numbers("numbers.parquet", 3000, 3)
    script = "type :preview ./numbers.parquet\nkey enter\nexpect i\nwait\nkey w\ntype d IS NOT NULL\nkey enter\nwait\nkey F\nwait\ndump one\n" \
             "key b ctrl-u\ntype i, b\nkey enter\nwait\ndump two\nkey j enter\nwait\nkey G\nwait\nkey g\nwait\ndump rows\n"
    got = WS.screen(script, "120x70")
    keep = [k for k, d in enumerate(rows["d"]) if d is not None]
    one = collections.Counter(str(rows["i"][k]).replace("None", "NULL") for k in keep)
    two = collections.Counter((rows["i"][k], rows["b"][k]) for k in keep)
    seen = dict(re.findall(r"^ *(NULL|-?\d+) +(\d+) +[\d.]+ %", got["one"], re.M))
    need({k: int(v) for k, v in seen.items()} == dict(one), (seen, one))
    need(f"{len(two)} groups, {len(keep):,} rows" in got["two"], got["two"])
    second = sorted(two.values(), reverse=True)[1]
    need(title_rows(got["rows"]) == second, (got["rows"], second))
    WS.screen("type :preview ./numbers.parquet\nkey enter\nexpect i\nwait\nkey F\nwait\nkey b ctrl-u\ntype nosuch\nkey enter\nwait\nexpect nosuch\n")


# ---- Two runs ---------------------------------------------------------------------------------------------------------


def things(seed, n):
    rng = random.Random(seed)
    keys = [(rng.choice(["x", "y", None, "z'"]), i) for i in range(n)]
    return {k: {"v": rng.choice([None, rng.randrange(5)]), "w": rng.choice([None, "a", "b"])} for k in keys}


def write_things(rows, more=()):
    every = [(k[0], k[1], r["v"], r["w"]) for k, r in rows.items()] + list(more)
    columns = list(zip(*every))
    types = [pa.string(), pa.int64(), pa.int64(), pa.string()]
    pq.write_table(pa.table({n: pa.array(list(c), t) for n, c, t in zip(("g", "k", "v", "w"), columns, types)}), WS.work / "things.parquet")


def apply_things():
    (WS.work / "things.yaml").write_text(f"""
sources:
  - {{name: things, variant: v1, path: {WS.work}/things.parquet, format: parquet}}
transformations:
  - {{name: copied, variant: v1, sql: "SELECT g, k, v, w FROM {{{{things.v1}}}}"}}
""")
    WS.ok("apply", "things.yaml")


def test_two_runs_differ_as_python_says():
    for seed in (1, 2, 3):
        rng = random.Random(100 + seed)
        before = things(seed, 400)
        write_things(before)
        apply_things()
        WS.ok("run", "copied")
        after = {k: dict(r) for k, r in before.items() if rng.random() > 0.05}
        for r in after.values():
            if rng.random() < 0.1:
                r["v"] = rng.choice([None, 7])
            if rng.random() < 0.05:
                r["w"] = rng.choice([None, "c"])
        after.update({("new", 1000 + i): {"v": 1, "w": None} for i in range(rng.randrange(9))})
        write_things(after)
        WS.ok("run", "copied")
        got = WS.json("diff", "copied", "--key", "g,k")
        kinds = {"changed": {}, "gone": {}, "new": {}}
        for c in got["rows"]["changes"]:
            kinds[c["change"]][(c["key"]["g"], c["key"]["k"])] = c
        changed = {k for k in before if k in after and before[k] != after[k]}
        need(set(kinds["changed"]) == changed, (seed, set(kinds["changed"]) ^ changed))
        need(set(kinds["gone"]) == set(before) - set(after) and set(kinds["new"]) == set(after) - set(before), seed)
        for k, c in kinds["changed"].items():
            names = [n for n in ("v", "w") if before[k][n] != after[k][n]]
            need(c["before"] == {n: before[k][n] for n in names} and c["after"] == {n: after[k][n] for n in names}, c)
        need(got["rows"]["same"] == len(set(before) & set(after)) - len(changed), got["rows"]["same"])
        cells = {c["column"]: c.get("changed_cells") for c in got["columns"]}
        need(cells["v"] == sum(before[k]["v"] != after[k]["v"] for k in changed), cells)
        nulls = next(c for c in got["columns"] if c["column"] == "v")
        need(nulls["before"]["nulls"]["value"] == sum(r["v"] is None for r in before.values()), nulls)
        need(nulls["after"]["nulls"]["value"] == sum(r["v"] is None for r in after.values()), nulls)


def test_keys_that_come_several_times_are_paired():
    rows = things(5, 20)
    write_things(rows, [("twice", 5, 1, "a"), ("twice", 5, 2, "b"), ("twice", 5, 2, "b")])
    apply_things()
    WS.ok("run", "copied")
    write_things(rows, [("twice", 5, 2, "b"), ("twice", 5, 1, "a"), ("twice", 5, 2, "c")])
    WS.ok("run", "copied")
    got = WS.json("diff", "copied", "--key", "g,k")["rows"]
    need((got["repeated_keys"], got["changed"], got["gone"], got["new"]) == (1, 1, 0, 0), got)
    need(got["changes"][0]["before"] == {"w": "b"} and got["changes"][0]["after"] == {"w": "c"}, got)


def test_a_diff_of_what_cannot_be_compared_says_so():
    need("no READY run before" in WS.fails(3, "diff", "spend_by_segment"), "one run only")
    need("has no runs with rows" in WS.fails(2, "diff", "transactions"), "a source")
    write_things(things(5, 20))
    apply_things()
    WS.ok("run", "copied")
    WS.ok("run", "copied")
    need("no column nosuch" in WS.fails(2, "diff", "copied", "--key", "nosuch"), "a key that is not there")
    need("say with --key" in WS.ok("diff", "copied"), "rows without keys")
    first, second = [r["run"] for r in WS.json("runs", "--of", "copied")][:2]
    need(WS.json("diff", "copied", first, second)["before"]["run"] == first, "the runs that were asked for")


def test_runs_are_compared_on_the_screen():
    rows = things(6, 30)
    write_things(rows)
    apply_things()
    WS.ok("run", "copied")
    key = next(k for k in rows if k[0] == "x")
    rows[key] = {"v": 99, "w": "new value"}
    write_things(rows)
    WS.ok("run", "copied")
    got = WS.screen("type :preview copied\nkey enter\nexpect bigint\nwait\nkey D\nwait\nexpect K says by which columns\nexpect greatest\nkey K\n"
                    "type g, k\nkey enter\nwait\nexpect 1 changed, 0 gone, 0 new, 29 the same\nroles roles\ndump diff\nkey G enter\nwait\n"
                    "expect new value\nexpect 1/1\n", "100x30")
    need(f"~ {key[0]} {key[1]}" in got["diff"] and "→ new value" in got["diff"], got["diff"])
    need("diff.add" in got["roles"] and "diff.del" in got["roles"], got["roles"])
    WS.screen("key 8\nexpect copied\nwait\nkey D\nwait\nexpect runs of copied.v1\nexpect before\n", "100x30")
    WS.screen("type :compare transactions\nkey enter\nexpect has no runs with rows\n", "100x30")


def test_a_record_shows_what_changed_since_the_run_before():
    source = WS.work / "data/transactions.parquet"
    table = pq.read_table(source)
    amounts = table["TransactionAmount"].to_pylist()
    first = min(range(len(amounts)), key=lambda i: (table["CustomerID"][i].as_py(), table["Timestamp"][i].as_py()))
    amounts[first] = decimal.Decimal("12345.67")
    at = table.schema.get_field_index("TransactionAmount")
    pq.write_table(table.set_column(at, table.schema.field(at), pa.array(amounts, table.schema.field(at).type)), source)
    WS.ok("run", "daily_spend", "--upstream")
    script = f"type :preview daily_spend\nkey enter\nexpect largest\nwait\nkey w\ntype largest = 12345.67\nkey enter\nwait\nkey enter\nexpect 12345.67\nkey c\nwait\ndump before\n"
    got = WS.screen(script, "100x30")
    changed = re.findall(r"^ *~ (\w+)", got["before"], re.M)
    need("largest" in changed and "spent" in changed and "transactions" not in changed, got["before"])
    need("-> 12345.67" in got["before"] and "fields changed since run" in got["before"], got["before"])
    WS.screen("type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey enter\nexpect CustomerID\nkey c\nexpect only rows that a run wrote\n", "100x30")


# ---- Rows of training sets ----------------------------------------------------------------------------------------------


def moment(rng):
    return BEGIN + datetime.timedelta(hours=rng.randrange(24 * 12))


def write_world(rng):
    def some(n, value, time=True):
        return [(rng.choice([None, *"abcd"]), moment(rng) if rng.random() > 0.05 else None, value()) for _ in range(n)]
    labels = some(60, lambda: rng.random() < 0.5)
    events = some(120, lambda: rng.choice([None, rng.randrange(6)]))
    events += [(e, t, rng.choice([None, 50, 60])) for e, t, _ in rng.sample(events, 30)]
    facts = [(e, v) for e, _, v in some(9, lambda: rng.choice([None, "p", "q"]))]
    stamp = pa.timestamp("us", "UTC")
    for name, rows, types in (("labels", labels, [pa.string(), stamp, pa.bool_()]), ("events", events, [pa.string(), stamp, pa.int64()]),
                              ("facts", facts, [pa.string(), pa.string()])):
        names = ("e", "t", "y") if len(types) == 3 else ("e", "y")
        pq.write_table(pa.table({n: pa.array(list(c), t) for n, c, t in zip(names, zip(*rows), types)}), WS.work / f"{name}.parquet")
    return events, facts


def apply_world():
    (WS.work / "world.yaml").write_text(f"""
entities: [{{name: who}}]
sources:
  - {{name: labels, variant: v1, path: {WS.work}/labels.parquet, format: parquet}}
  - {{name: events, variant: v1, path: {WS.work}/events.parquet, format: parquet}}
  - {{name: facts, variant: v1, path: {WS.work}/facts.parquet, format: parquet}}
labels:
  - {{name: answer, variant: v1, entity: who, from: labels.v1, entity_column: e, value_column: y, timestamp_column: t}}
features:
  - {{name: plain, variant: v1, entity: who, from: events.v1, entity_column: e, value_column: y, timestamp_column: t}}
  - {{name: fresh, variant: v1, entity: who, from: events.v1, entity_column: e, value_column: y, timestamp_column: t, max_age: 12h}}
  - {{name: fixed, variant: v1, entity: who, from: facts.v1, entity_column: e, value_column: y}}
training_sets:
  - name: world
    variant: v1
    label: answer.v1
    features: [plain.v1, fresh.v1, fixed.v1]
    lags: [{{feature: plain.v1, lag: 1d, name: day_before}}, {{feature: fresh.v1, lag: 6h, name: lagged}}]
""")
    WS.ok("apply", "world.yaml")


def rank(value):
    return (value is not None, value if value is not None else 0)


def brute(events, e, t, lag=datetime.timedelta(), age=None):
    """Value, why, time, ties, rows of the entity, those that count."""
    of = [(at, v) for who, at, v in events if e is not None and who == e and at is not None]
    if e is None or t is None:
        return None, "no_key", None, 0, 0, 0
    before = [r for r in of if r[0] + lag <= t]
    if not before:
        return None, "later" if of else "no_rows", None, 0, len(of), 0
    at, v = max(before, key=lambda r: (r[0], rank(r[1])))
    ties = sum(r[0] == at for r in of)
    if age is not None and t - (at + lag) > age:
        return None, "too_old", at, ties, len(of), len(before)
    return v, "taken", at, ties, len(of), len(before)


def test_training_rows_are_traced_as_python_says():
    kinds = collections.Counter()
    hour = datetime.timedelta(hours=1)
    for seed in (1, 2):
        rng = random.Random(seed)
        events, facts = write_world(rng)
        apply_world()
        WS.ok("run", "world")
        for row in range(1, 61):
            got = WS.json("trace", "world", "--row", row)
            e, t = got["entity"], got["label_timestamp"] and datetime.datetime.fromisoformat(got["label_timestamp"].rstrip("Z"))
            features = {f["column"]: f for f in got["features"]}
            for name, lag, age in (("Feature__plain__v1", 0 * hour, None), ("Feature__fresh__v1", 0 * hour, 12 * hour),
                                   ("day_before", DAY, None), ("lagged", 6 * hour, 12 * hour)):
                f = features[name]
                value, why, at, ties, rows, before = brute(events, e, t, lag, age)
                kinds[why] += 1
                kinds["tie"] += ties > 1
                need((f["taken"], f["value"], f["agrees"]) == (why, value, True), (seed, row, name, f, why, value))
                need((f["ties"], f["rows"], f["rows_before"]) == (ties, rows, before), (seed, row, name, f, ties, rows, before))
                if at:
                    need(f["row"]["t"].startswith(at.isoformat()), (f, at))
                    need(f["age_us"] == (t - at) // datetime.timedelta(microseconds=1), (f, t - at))
            own = [v for who, v in facts if who == e and e is not None]
            want = max(own, key=lambda v: (v is not None, v or ""), default=None)
            need(features["Feature__fixed__v1"]["value"] == want and features["Feature__fixed__v1"]["agrees"], (e, own, features))
    need(all(kinds[k] for k in ("taken", "too_old", "later", "no_key", "tie")), kinds)


def test_what_reads_much_is_asked_about_and_ended_by_a_key():
    n = 6_000_000
    column = pa.DictionaryArray.from_arrays(pa.array([i % 3 for i in range(1000)] * (n // 1000), pa.int8()), pa.array(["x", "y", "z"]))
    pq.write_table(pa.table({"a": column}), WS.work / "much.parquet", row_group_size=1_000_000)
    got = WS.screen("type :preview much.parquet\nkey enter\nexpect 1/6,000,000\nkey s\nexpect To order by `a` this reads 6,000,000 rows in a file of\n"
                    "refute Ask the provider\nkey enter\nwait\nrefute by a\ndump left\nkey s\nexpect Much to read\nkey tab enter\nkey esc\n"
                    "expect sorting was ended\nwait\nexpect 1/6,000,000\nrefute by a\nkey /\ntype nowhere\nkey enter ctrl-n\nexpect To look for nowhere this reads\nkey esc\n"
                    "type :preview transactions\nkey enter\nexpect T0000001\nkey s\nexpect sorting 100,000 rows in a file of\nwait\nexpect by TransactionID\n", "100x24")
    need("sorting" not in got["left"], got["left"])
    WS.ok("register", "much.v1", "--path", "much.parquet")
    got = WS.screen("type :preview much\nkey enter\nexpect 1/6,000,000\nkey /\ntype nowhere\nkey enter ctrl-n\n"
                    "expect The provider can be asked instead\nkey tab tab enter\nwait\nexpect no rows\nkey q\nexpect 1/6,000,000\nkey s\nexpect Ask the provider\nkey tab tab enter\n"
                    "wait\nexpect rows of a query\ndump asked\nkey q\nexpect 1/6,000,000\nrefute by a\n", "120x24")
    need([line.strip() for line in got["asked"].splitlines()[3:6]] == ["x", "x", "x"], got["asked"])
    WS.ok("delete", "much.v1")


def test_a_row_is_found_by_its_key_and_on_the_screen():
    write_world(random.Random(4))
    apply_world()
    WS.ok("run", "world")
    rows = WS.json("preview", "world", "-n", 0)
    row = next(r for r in rows if r["who"] == "c" and r["label_timestamp"] and r["Feature__plain__v1"] is not None)
    at = row["label_timestamp"].rstrip("Z").replace("T", " ")
    got = WS.json("trace", "world", "--key", "c", "--at", at)
    need(got["entity"] == "c" and got["features"][0]["value"] == row["Feature__plain__v1"], got)
    need(WS.json("trace", "world", "--key", "c", "--at", row["label_timestamp"]) == got, "a time as JSON says it")
    need("one of --row" in WS.fails(2, "trace", "world"), "no row")
    need("no such row" in WS.run("trace", "world", "--row", 100000).stderr, "a row that is not there")
    need("training sets are traced" in WS.run("trace", "transactions", "--row", 1).stderr, "a source")
    screen = WS.screen(f"type :preview world\nkey enter\nexpect label_timestamp\nwait\nkey w\ntype who = 'c' AND label_timestamp = TIMESTAMP'{at}Z'\n"
                       "key enter\nwait\nkey I\nwait\nexpect where a row\ndump trace\nkey j j j j enter\nwait\nexpect rows of events.v1\nexpect `e` = 'c'\n"
                       "type :inspect world\nkey enter\nwait\nexpect where a row (1) of world.v1\nkey n\nwait\nexpect (2)\nkey N N N\nwait\nexpect (1)\n"
                       "key #\ntype 0\nkey enter\nexpect is not the number of a row\n", "110x40")
    need("day_before" in screen["trace"] and "lag 1d: rows count" in screen["trace"], screen["trace"])
    narrow = WS.screen("type :inspect world\nkey enter\nwait\nexpect where a row\nkey G\nwait\ndump narrow\n", "40x40")["narrow"]
    need("…" not in "".join(narrow.splitlines()[1:-3]), narrow)
    WS.screen("type :preview transactions\nkey enter\nexpect T0000001\nwait\nkey I\nwait\nexpect training sets are traced, and this is a source\nexpect T0000001\n"
              "key D\nwait\nexpect have runs to compare, and this is a source\nexpect T0000001\nkey E\ntype seen.csv\nkey enter\nexpect wrote 100,000 rows\n"
              "type :preview ./seen.csv\nkey enter\nexpect T0000001\nwait\nkey I\nwait\nexpect training sets are traced, and this is none\nexpect T0000001\n", "110x40")


def test_a_source_that_changed_since_is_told():
    write_world(random.Random(5))
    apply_world()
    WS.ok("run", "world")
    row = next(i for i, r in enumerate(WS.json("preview", "world", "-n", 0), 1) if r["Feature__plain__v1"] is not None)
    table = pq.read_table(WS.work / "events.parquet")
    pq.write_table(table.set_column(2, "y", pa.array([777] * table.num_rows, pa.int64())), WS.work / "events.parquet")
    got = WS.json("trace", "world", "--row", row)["features"][0]
    need(got["value"] == 777 and not got["agrees"], got)
    need("they have changed since" in WS.ok("trace", "world", "--row", row), "not told")


if __name__ == "__main__":
    try:
        main(globals())
    finally:
        WS.close()
