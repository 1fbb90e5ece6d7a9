"""The figures of the learning half, each measured against its peers in one run, on the same data, two threads each."""

import contextlib
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import time

from harness.machine import ROOT, say, virtual_environment

THREADS = 2
LAMBDA, ELASTIC_LAMBDA, RATIO = 1e-4, 1e-3, 0.5
GAP_MAX = 1e-9
MEASURE_BUILD = ["swift", "build", "-c", "release", "--product", "measure"]


class Peer:
    """A process that answers a line with a line."""

    def __init__(self, arguments, environment=None):
        self.child = subprocess.Popen(
            [str(each) for each in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})
        self.line()

    def line(self):
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit(f"bench: {self.child.args[0]} ended")
        return line

    def ask(self, text):
        print(text, file=self.child.stdin, flush=True)
        return self.line()

    def end(self):
        self.child.stdin.close()
        self.child.wait(30)


class Python(Peer):
    """The peers, in a virtual environment of their own."""

    def __init__(self):
        python = virtual_environment("learning")
        threads = {name: str(THREADS) for name in (
            "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")}
        super().__init__([python, ROOT / "bench" / "learning" / "peer.py"], threads)

    def __getattr__(self, name):
        return lambda *arguments: json.loads(self.ask(json.dumps([name, *[
            str(each) if isinstance(each, pathlib.Path) else each for each in arguments]])))


class Ours(Peer):
    """`measure`, with one matrix in memory."""

    def __init__(self, binary, file):
        super().__init__([binary, file, THREADS])

    def fit(self, tolerance, penalty, ratio):
        seconds, iterations, intercept, *weights = (float(word) for word in self.ask(f"{penalty} {ratio} {tolerance}").split())
        return {"seconds": seconds, "iterations": int(iterations), "intercept": intercept, "weights": weights}


class Stand:
    """Where the learning half is measured: a work directory and what was built."""

    def __init__(self, work, binary):
        self.work, self.binary = work, binary

    def measure(self):
        say("building measure, release")
        subprocess.run(MEASURE_BUILD, cwd=ROOT, check=True, stdout=sys.stderr)
        return ROOT / ".build" / "release" / "measure"


def size(plan, full, quick):
    return quick if plan.is_quick else full


def loosest(fit, python, best, penalty, ratio, name):
    """The loosest tolerance, by powers of ten, with which a solver comes within 1e-9 of the best value."""
    for power in range(1, 17):
        tolerance = 10.0 ** -power
        found = fit(tolerance)
        gap = python.value(penalty, ratio, found["intercept"], found["weights"])["value"] - best
        say(f"  {name} {tolerance:.0e}: {found['seconds']:.3f} s, {found['iterations']} iterations, F − F* = {gap:.1e}")
        if gap <= GAP_MAX:
            return tolerance
    raise SystemExit(f"bench: {name} does not come within {GAP_MAX} of the best value")


def race(solvers, rounds):
    """Rounds of every solver in turn, forth and back, after one that does not count: name -> seconds."""
    seconds = {name: [] for name, _ in solvers}
    for number in range(-1, rounds):
        for name, run in solvers if number % 2 == 0 else reversed(solvers):
            found = run()
            if number >= 0:
                seconds[name].append(found)
                say(f"  {name}: {found:.3f} s")
    return seconds


def ratios(peer, ours):
    return [theirs / mine for theirs, mine in zip(peer, ours)]


def both(ours, peer):
    return f"{statistics.median(ours):.3f} s against {statistics.median(peer):.3f} s"


def fit(stand, plan, report):
    """Newton against newton-cholesky and lbfgs."""
    compare(stand, plan, report, LAMBDA, 0.0, [("newton-cholesky", 1.5), ("lbfgs", 3)], "fit")


def elastic(stand, plan, report):
    """Coordinate descent against saga."""
    compare(stand, plan, report, ELASTIC_LAMBDA, RATIO, [("saga", 25)], "elastic net (ρ .5, λ 1e-3)")


def compare(stand, plan, report, penalty, ratio, peers, title):
    with contextlib.ExitStack() as stack:
        python = Python()
        stack.callback(python.end)
        file = stand.work / "matrix"
        shape = python.make("normals", file, size(plan, 1_000_000, 20_000), 32)
        ours = Ours(stand.measure(), file)
        stack.callback(ours.end)
        if ratio == 0:
            exact = python.fit("newton-cholesky", 1e-14, penalty, 0.0)
        else:
            # No solver of the peers is exact here: ours is, as its subgradient proves.
            exact = ours.fit(1e-16, penalty, ratio)
        best = python.value(penalty, ratio, exact["intercept"], exact["weights"])
        if best["subgradient"] > 1e-9:
            raise SystemExit(f"bench: no minimum: subgradient {best['subgradient']:.1e}")
        best = best["value"]
        own = loosest(lambda t: ours.fit(t, penalty, ratio), python, best, penalty, ratio, "ours")
        runs, tolerances = [("ours", lambda: ours.fit(own, penalty, ratio)["seconds"])], {}
        for solver, _ in peers:
            tolerances[solver] = loosest(
                lambda t, solver=solver: python.fit(solver, t, penalty, ratio), python, best, penalty, ratio, solver)
            runs.append((solver, lambda solver=solver: python.fit(solver, tolerances[solver], penalty, ratio)["seconds"]))
        seconds = race(runs, plan.rounds)
        for solver, bar in peers:
            report.at_least(f"{title}, {shape['rows']:,} × {shape['columns']}, against scikit-learn `{solver}`", bar,
                            ratios(seconds[solver], seconds["ours"]), both(seconds["ours"], seconds[solver]))
        notes = ", ".join(f"{solver} {tolerance:.0e}" for solver, tolerance in tolerances.items())
        report.note(f"{title}: the loosest tolerances with F − F* ≤ 1e-9, by powers of ten: ours {own:.0e}, {notes}.")


def reference(name):
    """A file of the folder shared/data beside the sources or a folder that holds them."""
    for folder in ROOT.parents:
        if (path := folder / "shared" / "data" / name).exists():
            return path
    return None


def agreement(stand, plan, report):
    """The same weights as newton-cholesky at 1e-12."""
    measure = stand.measure()
    sets = [("telco", reference("telco.csv")), ("breast cancer", None), ("collinear", None), ("weighted", None)]
    for name, path in sets:
        if name == "telco" and not path:
            report.note("Agreement on Telco was not measured: the folder shared/data is not at hand.")
            continue
        with contextlib.ExitStack() as stack:
            python = Python()
            stack.callback(python.end)
            file = stand.work / "matrix"
            python.make(name, file, *([path] if path else []))
            ours = Ours(measure, file)
            stack.callback(ours.end)
            mine, theirs = ours.fit(1e-16, 1e-3, 0.0), python.fit("newton-cholesky", 1e-12, 1e-3, 0.0)
            gap = max(abs(a - b) for a, b in zip(mine["weights"], theirs["weights"]))
            found = gap / max(abs(weight) for weight in theirs["weights"])
            report.add(f"largest difference of weights over the largest weight, {name}", "≤ 1e-7", f"{found:.1e}",
                       f"λ 1e-3, {len(mine['weights'])} columns; intercepts differ by "
                       f"{abs(mine['intercept'] - theirs['intercept']):.1e}", found <= 1e-7)


def score_csv(stand, plan, report):
    """A table in, a table of scores out."""
    with contextlib.ExitStack() as stack:
        python = Python()
        stack.callback(python.end)
        source, model = stand.work / "customers.csv", ROOT / "Models" / "demo.json"
        rows = size(plan, 5_000_000, 100_000)
        python.write_customers(source, rows)
        outputs = {name: stand.work / f"{name}.csv" for name in ("ours", "pandas", "polars")}
        command = [stand.binary, "score", "--csv", source, "--model", model, "--id", "customer_id", "--threads", THREADS,
                   "--output", outputs["ours"]]

        def own():
            started = time.perf_counter()
            subprocess.run([str(each) for each in command], check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - started

        seconds = race([
            ("ours", own),
            ("polars + numpy", lambda: python.score_polars(source, outputs["polars"], model)["seconds"]),
            ("pandas + scikit-learn", lambda: python.score_pandas(source, outputs["pandas"], model)["seconds"]),
        ], plan.rounds)
        for name in ("pandas", "polars"):
            found = python.compare_scores(outputs["ours"], outputs[name])
            if found["rows"] != rows or not found["same"] or found["difference"] > 1e-12:
                raise SystemExit(f"bench: other scores than {name}'s: {found}")
        for name, bar in (("pandas + scikit-learn", 8), ("polars + numpy", 0.5)):
            report.at_least(f"`score --csv`, {rows:,} × (id + 4), against {name}", bar,
                            ratios(seconds[name], seconds["ours"]), both(seconds["ours"], seconds[name]))


def peak_bytes(command):
    """The largest resident memory of a command: the parent is small, so a fork does not raise it."""
    child = subprocess.Popen([str(each) for each in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"bench: {command[0]} ended with {child.returncode}")
    return usage.ru_maxrss * 1024


def fit_memory(stand, plan, report):
    """A fit from CSV: peak memory less what the command has before it reads."""
    rows, columns = size(plan, 1_000_000, 50_000), 32
    python = Python()
    table, small = stand.work / "training.csv", stand.work / "small.csv"
    try:
        python.write_training(table, rows, columns)
        python.write_training(small, 200, columns)
    finally:
        python.end()

    def train(path, *more):
        return [stand.binary, "train", "--csv", path, "--label", "left", "--positive", "1", *more]

    for title, more in (("λ given", ["--l2", "1e-4"]), ("λ chosen", [])):
        found = (peak_bytes(train(table, *more)) - peak_bytes(train(small, "--l2", "1e-4"))) / (rows * columns * 8)
        if not math.isfinite(found):
            raise SystemExit("bench: no peak memory")
        report.add(f"peak memory of a fit from CSV over n·d·8, {rows:,} × {columns}, {title}", "≤ 1.5", f"{found:.2f}",
                   "less that of a fit to 200 rows", found <= 1.5)
