"""The stock tritonclient (PyPI) over HTTP and gRPC, and promtool, against the program.

    stock_clients.py HONE LIGHTGBM_MODEL PROMTOOL

Answers are compared with those of `hone predict` for the same rows, to the bit.
"""

import json
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import numpy as np
import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import InferenceServerException

HONE, LIGHTGBM_MODEL, PROMTOOL = sys.argv[1:4]
TRANSPORTS = (tritonclient.http, tritonclient.grpc)


def stump(leaf):
    return {"left_children": [1, -1, -1], "right_children": [2, -1, -1], "default_left": [0, 0, 0], "split_indices": [1, 0, 0],
            "split_conditions": [0.5, 0.1, leaf], "tree_param": {"size_leaf_vector": "0"}}


def classes():
    """An XGBoost model of three classes over two features."""
    return {"learner": {"attributes": {}, "feature_names": ["a", "b"],
                        "gradient_booster": {"name": "gbtree", "model": {"tree_info": [0, 1, 2], "trees": [stump(leaf) for leaf in (2, 3, 4)]}},
                        "learner_model_param": {"base_score": "5E-1", "num_feature": "2", "num_class": "3"},
                        "objective": {"name": "multi:softprob"}},
            "version": [2, 1, 0]}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def rows(count, width, seed=1):
    made = np.random.default_rng(seed).normal(size=(count, width))
    made[::7, 0] = np.nan
    return made


class StockClients(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        (cls.folder / "classes.json").write_text(json.dumps(classes()))
        cls.hone("models", "register", "trees", "--file", LIGHTGBM_MODEL, "--activate", "--dir", cls.folder / "state")
        cls.hone("models", "register", "classes", "--file", cls.folder / "classes.json", "--activate", "--dir", cls.folder / "state")
        cls.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGTERM)
        code = cls.server.wait(timeout=10)
        cls.scratch.cleanup()
        assert code == 0, f"SIGTERM ended the server with {code}"

    @classmethod
    def hone(cls, *arguments):
        done = subprocess.run([HONE, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @classmethod
    def start(cls):
        log = cls.folder / "serve.log"
        cls.grpc_port = free_port()
        with log.open("w") as errors:
            cls.server = subprocess.Popen([HONE, "serve", "--dir", str(cls.folder / "state"), "--port", "0", "--threads", "2",
                                           "--grpc-port", str(cls.grpc_port)], stderr=errors)
        end = time.monotonic() + 30
        while "on http://127.0.0.1:" not in log.read_text():
            assert cls.server.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.02)
        cls.port = int(log.read_text().split("on http://127.0.0.1:")[1].split()[0])
        while not cls.client(tritonclient.http).is_model_ready("classes"):
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)

    @classmethod
    def client(cls, transport):
        port = cls.port if transport is tritonclient.http else cls.grpc_port
        return transport.InferenceServerClient(f"127.0.0.1:{port}")

    def predicted(self, model, data):
        """What `hone predict` says to the rows: (n,) or (n, outputs)."""
        path = self.folder / "rows.csv"
        lines = [",".join("" if np.isnan(value) else repr(float(value)) for value in row) for row in data]
        names = ",".join(["a", "b"] if model == "classes" else [f"Column_{i}" for i in range(data.shape[1])])
        path.write_text("\n".join([names, *lines]) + "\n")
        said = self.hone("predict", "--model", model, "--dir", self.folder / "state", "--data", path)
        answers = np.array([[float(number) for number in line.split(",")] for line in said.split()])
        return answers[:, 0] if answers.shape[1] == 1 else answers

    def infer(self, transport, model, data, datatype="FP64", binary=True, **more):
        tensor = transport.InferInput("input", list(data.shape), datatype)
        if transport is tritonclient.http:
            tensor.set_data_from_numpy(data, binary_data=binary)
            if not binary:
                more["outputs"] = [transport.InferRequestedOutput("output", binary_data=False)]
        else:
            tensor.set_data_from_numpy(data)
        return self.client(transport).infer(model, [tensor], **more)

    def test_health_and_metadata(self):
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                client = self.client(transport)
                self.assertTrue(client.is_server_live() and client.is_server_ready())
                self.assertTrue(client.is_model_ready("trees") and client.is_model_ready("trees", "1.0.0"))
                self.assertFalse(client.is_model_ready("other") or client.is_model_ready("trees", "9.0.0"))
                as_json = {} if transport is tritonclient.http else {"as_json": True}
                self.assertEqual(client.get_server_metadata(**as_json)["name"], "hone")
                metadata = client.get_model_metadata("classes", **as_json)
                self.assertEqual(metadata["versions"], ["1.0.0"])
                self.assertEqual([int(size) for size in metadata["inputs"][0]["shape"]], [-1, 2])
                self.assertEqual([int(size) for size in metadata["outputs"][0]["shape"]], [-1, 3])
                index = client.get_model_repository_index(**as_json)
                index = index if transport is tritonclient.http else index["models"]
                self.assertEqual([(model["name"], model["state"]) for model in index], [("classes", "READY"), ("trees", "READY")])

    def test_answers_have_the_bits_of_predict(self):
        for transport in TRANSPORTS:
            for count in (1, 64, 1000):
                with self.subTest(transport.__name__, rows=count):
                    data = rows(count, 3)
                    answer = self.infer(transport, "trees", data).as_numpy("output")
                    self.assertEqual(answer.shape, (count,))
                    np.testing.assert_array_equal(answer, self.predicted("trees", data))

    def test_single_precision(self):
        data = rows(64, 3).astype(np.float32)
        wanted = self.predicted("trees", data.astype(np.float64))
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                np.testing.assert_array_equal(self.infer(transport, "trees", data, "FP32").as_numpy("output"), wanted)

    def test_json(self):
        data = np.abs(rows(64, 2, seed=2))[1:7]  # JSON has no NaN
        answer = self.infer(tritonclient.http, "classes", data, binary=False)
        self.assertIn("data", answer.get_response()["outputs"][0])
        np.testing.assert_array_equal(answer.as_numpy("output"), self.predicted("classes", data))

    def test_several_outputs(self):
        data = np.array([[0.0, 0.0], [0.0, 1.0]])
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                np.testing.assert_array_equal(self.infer(transport, "classes", data).as_numpy("output"), self.predicted("classes", data))

    def test_logged_answers_take_their_outcomes(self):
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                answer = self.infer(transport, "trees", rows(3, 3), parameters={"log": True})
                ids = answer.as_numpy("prediction_id")
                self.assertEqual(len(set(ids)), 3)
                name = ids[2].decode()
                self.post("/outcomes", {"prediction_id": name, "value": 7})
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/predictions/{name}", timeout=10) as found:
                    record = json.load(found)
                self.assertEqual(record["outcome"]["value"], 7)
                self.assertEqual(record["value"], answer.as_numpy("output")[2])

    def post(self, path, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def test_refusals_reach_the_caller(self):
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                with self.assertRaisesRegex(InferenceServerException, r"must be of shape \[n, 3\], is \[1, 2\]"):
                    self.infer(transport, "trees", rows(1, 2))
                with self.assertRaisesRegex(InferenceServerException, "there is no model tree, did you mean trees"):
                    self.infer(transport, "tree", rows(1, 3))
                with self.assertRaisesRegex(InferenceServerException, "live: 1.0.0"):
                    self.infer(transport, "trees", rows(1, 3), model_version="9.0.0")

    def test_statistics(self):
        for transport in TRANSPORTS:
            with self.subTest(transport.__name__):
                before = self.figures(transport)
                self.infer(transport, "trees", rows(64, 3), model_version="1.0.0")
                after = self.figures(transport)
                self.assertEqual(after[0] - before[0], 64)
                self.assertEqual(after[1] - before[1], 1)
                self.assertGreater(after[2], before[2])

    def figures(self, transport):
        as_json = {} if transport is tritonclient.http else {"as_json": True}
        found = self.client(transport).get_inference_statistics("trees", "1.0.0", **as_json)["model_stats"][0]
        success = found.get("inference_stats", {}).get("success", {})
        return int(found.get("inference_count", 0)), int(success.get("count", 0)), int(success.get("ns", 0))

    def test_promtool_accepts_the_metrics(self):
        self.infer(tritonclient.grpc, "trees", rows(1, 3))
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            metrics = answer.read()
        self.assertIn(b'grpc_server_handled_total{method="ModelInfer",code="0"}', metrics)
        checked = subprocess.run([PROMTOOL, "check", "metrics"], input=metrics, capture_output=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
