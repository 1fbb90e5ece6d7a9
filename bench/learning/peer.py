"""The peers of the learning half in one process: scikit-learn, pandas and polars, asked line by line in JSON.

Each line of standard input is a list, the name of a function below and its arguments; each answer is a line of JSON.
"""

import json
import sys
import time
import warnings

import numpy
import pandas
import polars
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
DATA = {}


def standardised(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def with_weights(x, share, random):
    """Outcomes of a logistic model whose intercept gives `share` of positives."""
    logits = x @ random.normal(0, 0.3, x.shape[1])
    draws = random.random(len(x))
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if (1 / (1 + numpy.exp(-logits - middle))).mean() > share else (middle, high)
    return (draws < 1 / (1 + numpy.exp(-logits - low))).astype(float)


def normals(n, d, seed=1):
    """AR(.5) normals, 24 % positives."""
    random = numpy.random.default_rng(seed)
    x = random.standard_normal((n, d))
    for column in range(1, d):
        x[:, column] = 0.5 * x[:, column - 1] + numpy.sqrt(0.75) * x[:, column]
    x = standardised(x)
    return x, with_weights(x, 0.24, random), None


def telco(path):
    table = pandas.read_csv(path).drop(columns="customerID")
    y = (table.pop("Churn") == "Yes").to_numpy(float)
    table["TotalCharges"] = pandas.to_numeric(table["TotalCharges"], errors="coerce").fillna(0)
    return standardised(pandas.get_dummies(table).to_numpy(float)), y, None


def breast_cancer():
    data = load_breast_cancer()
    return standardised(data.data), (data.target == 0).astype(float), None


def collinear():
    random = numpy.random.default_rng(3)
    x, y, _ = normals(5000, 10, seed=3)
    x = numpy.hstack([x, x[:, :3], (x[:, 3] + x[:, 4])[:, None], (x[:, 5] + 1e-7 * random.standard_normal(5000))[:, None]])
    return standardised(x), y, None


def weighted():
    x, y, _ = normals(20000, 12, seed=4)
    return x, y, numpy.random.default_rng(5).gamma(1.5, 1.0, 20000) + 0.01


def make(name, file, *arguments):
    """Makes a data set, keeps it, and writes it as `measure` reads it."""
    x, y, s = {"normals": normals, "telco": telco, "breast cancer": breast_cancer, "collinear": collinear,
               "weighted": weighted}[name](*arguments)
    DATA.update(x=x, y=y, s=s)
    with open(file, "wb") as output:
        numpy.array([*x.shape, 0 if s is None else 1], dtype=float).tofile(output)
        for column in range(x.shape[1]):
            numpy.ascontiguousarray(x[:, column]).tofile(output)
        y.tofile(output)
        if s is not None:
            s.tofile(output)
    return {"rows": x.shape[0], "columns": x.shape[1], "positives": float(y.mean())}


def fit(solver, tolerance, penalty, ratio):
    x, y, s = DATA["x"], DATA["y"], DATA["s"]
    total = len(y) if s is None else s.sum()
    model = LogisticRegression(solver=solver, C=1 / (penalty * total), tol=tolerance, max_iter=100_000, l1_ratio=ratio)
    started = time.perf_counter()
    model.fit(x, y, sample_weight=s)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "iterations": int(model.n_iter_[0]), "weights": model.coef_[0].tolist(),
            "intercept": float(model.intercept_[0])}


def value(penalty, ratio, intercept, weights):
    """The objective at some weights, and the largest component of its smallest subgradient."""
    x, y, s = DATA["x"], DATA["y"], DATA["s"]
    weights = numpy.array(weights)
    s = numpy.ones(len(y)) if s is None else s
    logits = x @ weights + intercept
    loss = numpy.average(numpy.logaddexp(0, logits) - y * logits, weights=s)
    slopes = s * (1 / (1 + numpy.exp(-logits)) - y) / s.sum()
    gradient = x.T @ slopes + penalty * (1 - ratio) * weights
    pull = penalty * ratio
    rest = numpy.where(weights == 0, numpy.maximum(abs(gradient) - pull, 0), abs(gradient + pull * numpy.sign(weights)))
    return {"value": float(loss + penalty * ((1 - ratio) / 2 * weights @ weights + ratio * abs(weights).sum())),
            "subgradient": float(max(rest.max(), abs(slopes.sum())))}


def write_customers(file, n):
    """A table with an id and the four features of the demo model."""
    random = numpy.random.default_rng(2)
    polars.DataFrame({
        "customer_id": [f"C-{row:07d}" for row in range(n)],
        "purchase_frequency": numpy.round(random.gamma(1.2, 1.5, n), 3),
        "average_check": numpy.round(numpy.exp(random.normal(3.7, 0.5, n)), 2),
        "days_since_last_activity": random.uniform(0, 30, n),
        "services_used": random.integers(0, 6, n),
    }).write_csv(file)
    return {}


def write_training(file, n, d):
    """A table with a label and `d` numbers in shortest digits."""
    x, y, _ = normals(n, d)
    columns = {f"x{column}": x[:, column] for column in range(d)}
    polars.DataFrame({**columns, "left": y.astype(int)}).write_csv(file)
    return {}


def read_model(path):
    model = json.load(open(path))
    features = model["features"]
    return ([each["name"] for each in features], numpy.array([each["weight"] for each in features]),
            model["intercept"], model["threshold"]["value"])


def score_pandas(source, target, model):
    names, weights, intercept, threshold = read_model(model)
    regression = LogisticRegression()
    regression.classes_, regression.coef_, regression.intercept_ = numpy.array([0, 1]), weights[None, :], numpy.array([intercept])
    started = time.perf_counter()
    table = pandas.read_csv(source)
    probability = regression.predict_proba(table[names].to_numpy())[:, 1]
    pandas.DataFrame({"customer_id": table["customer_id"], "probability": probability,
                      "churn": probability >= threshold}).to_csv(target, index=False)
    return {"seconds": time.perf_counter() - started}


def score_polars(source, target, model):
    names, weights, intercept, threshold = read_model(model)
    started = time.perf_counter()
    table = polars.read_csv(source)
    probability = 1 / (1 + numpy.exp(-(table.select(names).to_numpy() @ weights + intercept)))
    polars.DataFrame({"customer_id": table["customer_id"], "probability": probability,
                      "churn": probability >= threshold}).write_csv(target)
    return {"seconds": time.perf_counter() - started}


def compare_scores(one, other):
    """The largest difference of two tables of scores with the same ids and decisions in the same order."""
    a, b = polars.read_csv(one), polars.read_csv(other)
    same = bool((a["customer_id"] == b["customer_id"]).all()) and bool((a["churn"] == b["churn"]).all())
    return {"rows": len(a), "same": same, "difference": float((a["probability"] - b["probability"]).abs().max())}


def main():
    functions = {each.__name__: each for each in (
        make, fit, value, write_customers, write_training, score_pandas, score_polars, compare_scores)}
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(functions[name](*arguments)), flush=True)


if __name__ == "__main__":
    main()
