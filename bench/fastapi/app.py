"""The same work in the usual Python stack: FastAPI, uvicorn, scikit-learn, asyncpg; one INSERT and commit a request."""

import datetime
import os
import secrets
import time
import uuid
from contextlib import asynccontextmanager

import asyncpg
import numpy
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sklearn.linear_model import LogisticRegression

NAMES = ["purchase_frequency", "average_check", "days_since_last_activity", "services_used"]
MEANS = numpy.array([2.4, 55.0, 31.0, 2.1])
THRESHOLD = 0.5
INSERT = """INSERT INTO predictions (id, created_at, probability, threshold, model, horizon_days, as_of, churn, customer_id,
    risk, source, request_id, correlation_id, features, writer)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"""

model = LogisticRegression()
model.classes_ = numpy.array([0, 1])
model.coef_ = numpy.array([[-0.61, -0.011, 0.034, -0.27]])
model.intercept_ = numpy.array([-0.843215698743215])


class Features(BaseModel):
    purchase_frequency: float
    average_check: float
    days_since_last_activity: float
    services_used: float


class Instance(BaseModel):
    customer_id: str
    features: Features


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool(
        host=os.environ["BENCH_SOCKET"], user="postgres", database=os.environ["BENCH_DATABASE"], min_size=10, max_size=10)
    app.state.writer = await app.state.pool.fetchval(
        "INSERT INTO writers (id) VALUES (nextval('writer_ids')) RETURNING id")
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


def uuid7() -> uuid.UUID:
    now = time.time_ns()
    high = (now // 1_000_000) << 16 | 0x7000 | (now % 1_000_000) * 4096 // 1_000_000
    return uuid.UUID(int=high << 64 | 0x8 << 60 | secrets.randbits(60))


@app.get("/health/ready")
async def ready():
    return {"status": "ready"}


@app.post("/predict")
async def predict(instance: Instance, record: bool = True):
    values = [getattr(instance.features, name) for name in NAMES]
    centred = numpy.array([values]) - MEANS
    probability = float(model.predict_proba(centred)[0, 1])
    contributions = (centred * model.coef_)[0].tolist()
    churn = probability >= THRESHOLD
    risk = "high" if churn else "medium" if probability >= THRESHOLD / 2 else "low"
    identity = uuid7()
    created_at = datetime.datetime.now(datetime.timezone.utc)
    if record:
        await app.state.pool.execute(
            INSERT, identity, created_at, probability, THRESHOLD, 1, 90, None, churn, instance.customer_id, risk, "http",
            None, None, instance.features.model_dump_json(), app.state.writer)
    return JSONResponse({
        "prediction_id": str(identity),
        "customer_id": instance.customer_id,
        "probability": probability,
        "churn": churn,
        "risk": risk,
        "threshold": THRESHOLD,
        "horizon_days": 90,
        "as_of": None,
        "model": "0123456789ab",
        "contributions": [
            {"feature": name, "value": value, "contribution": contribution}
            for name, value, contribution in zip(NAMES, values, contributions)
        ],
        "base": float(model.intercept_[0]),
        "warnings": [],
        "created_at": created_at.isoformat(),
    })
