"""One prediction as it is usually served in Python: FastAPI, and the library that trained the model.

PEER_LIBRARY=xgboost|lightgbm PEER_MODEL=FILE python -m uvicorn --app-dir bench/peers --loop uvloop --http httptools predict_app:app

POST /predict/single {"features": [...]} answers {"value": ...}. Each library is asked by the fastest call its package has
for one row, on one thread and in the event loop: a thread pool costs more than the call.
"""
import os

import numpy
from fastapi import FastAPI
from pydantic import BaseModel


class Question(BaseModel):
    features: list[float]


def predictor_of(library, model):
    if library == "xgboost":
        import xgboost

        booster = xgboost.Booster({"nthread": 1}, model_file=model)
        return lambda row: booster.inplace_predict(row, validate_features=False)[0]
    import lightgbm

    booster = lightgbm.Booster(model_file=model)
    return lambda row: booster.predict(row, num_threads=1)[0]


app = FastAPI()
predict = predictor_of(os.environ["PEER_LIBRARY"], os.environ["PEER_MODEL"])


@app.post("/predict/single")
async def predict_single(question: Question):
    return {"value": float(predict(numpy.array([question.features])))}
