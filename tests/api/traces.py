"""The program's traces, of requests by HTTP and by the stock tritonclient (PyPI), received by a collector's stand-in and
decoded by opentelemetry-proto (PyPI), and its JSON log.

    traces.py HONE LIGHTGBM_MODEL PROMTOOL
"""

import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

import numpy as np
import tritonclient.grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.trace.v1 import trace_pb2

HONE, LIGHTGBM_MODEL, PROMTOOL = sys.argv[1:4]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
PREDICTION = {"model": "trees", "features": [1, 2, 3]}


class Collector(http.server.ThreadingHTTPServer):
    """Takes OTLP/HTTP; the first request of all is told to come again."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Receiver)
        self.requests = []  # (path, headers, message)
        self.refusals = 1
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def spans(self):
        return [span for _, _, message in list(self.requests)
                for resource in message.resource_spans for scope in resource.scope_spans for span in scope.spans]

    def span(self, wanted):
        """The first span for which `wanted` is true, once it has come."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for span in self.spans():
                if wanted(span):
                    return span
            time.sleep(0.02)
        raise AssertionError(f"no such span among {[span.name for span in self.spans()]}")


class Receiver(http.server.BaseHTTPRequestHandler):

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.refusals > 0:
            self.server.refusals -= 1
            return self.answer(503, [("Retry-After", "1")])
        message = trace_service_pb2.ExportTraceServiceRequest.FromString(body)
        self.server.requests.append((self.path, dict(self.headers), message))
        return self.answer(200, [("Content-Type", "application/x-protobuf")])

    def answer(self, status, headers):
        self.send_response(status)
        for name, value in [*headers, ("Content-Length", "0")]:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server:
    """`hone serve` with a model and a token, logging JSON, on a free port."""

    def __init__(self, folder, *flags, level="debug", **variables):
        state = pathlib.Path(folder, "state")
        self.hone("models", "register", "trees", "--file", LIGHTGBM_MODEL, "--activate", "--dir", state)
        self.token = self.hone("token", "create", "--role", "operate", "--name", "test", "--dir", state).split()[-1]
        self.log = pathlib.Path(folder, "serve.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen([HONE, "--log-level", level, "serve", "--dir", state, "--port", "0", "--log-format", "json", *flags],
                                            stderr=log, env={**os.environ, **variables})
        end = time.monotonic() + 30
        while "on http://127.0.0.1:" not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)
        self.port = int(self.log.read_text().split("on http://127.0.0.1:")[1].split('"')[0])
        while self.send("/readyz")[0] != 200:
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=20) == 0

    @staticmethod
    def hone(*arguments):
        done = subprocess.run([HONE, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def send(self, path, body=None, **headers):
        """(status, headers, body) of the answer."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", None if body is None else json.dumps(body).encode(),
                                         {"Authorization": f"Bearer {self.token}", **headers})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def attributes(span):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in span.attributes}


class Traces(unittest.TestCase):

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name
        self.collector = Collector()
        self.addCleanup(self.collector.server_close)
        self.addCleanup(self.collector.shutdown)
        self.endpoint = f"http://127.0.0.1:{self.collector.server_address[1]}"

    def serve(self, *flags, **variables):
        return Server(self.folder, *flags, **variables)

    def test_a_request_is_a_span_of_its_callers_trace(self):
        with self.serve("--otlp-endpoint", self.endpoint, "--trace-sample", "0", OTEL_SERVICE_NAME="desk", OTEL_EXPORTER_OTLP_HEADERS="api-key=k%201") as server:
            status, headers, _ = server.send("/predict/single", PREDICTION, traceparent=f"00-{TRACE}-{CALLER}-01", tracestate="vendor=1")
            self.assertEqual(status, 200)
            server.send("/predict/single", PREDICTION)  # its own trace, of which none is sampled
            server.send("/predict/single", PREDICTION, traceparent=f"00-{TRACE}-{CALLER}-00")
            server.send("/nowhere", traceparent=f"00-{TRACE}-{CALLER}-01")
            unknown = self.collector.span(lambda span: attributes(span).get("http.response.status_code") == 404)
            span = self.collector.span(lambda span: span.name == "POST /predict/single")
        self.assertEqual((span.trace_id.hex(), span.parent_span_id.hex(), span.trace_state), (TRACE, CALLER, "vendor=1"))
        self.assertEqual(headers["traceparent"], f"00-{TRACE}-{span.span_id.hex()}-01")
        self.assertEqual(span.kind, trace_pb2.Span.SPAN_KIND_SERVER)
        self.assertLessEqual(span.start_time_unix_nano, span.end_time_unix_nano)
        self.assertLess(abs(time.time() - span.end_time_unix_nano / 1e9), 300)
        self.assertEqual(attributes(span), {
            "http.request.method": "POST", "url.scheme": "http", "url.path": "/predict/single", "http.route": "/predict/single",
            "http.response.status_code": 200, "hone.model": "trees", "hone.version": "1.0.0"})
        self.assertEqual(span.status.code, trace_pb2.Status.STATUS_CODE_UNSET)
        self.assertEqual(unknown.name, "GET")
        self.assertEqual(len(self.collector.spans()), 2)
        path, sent, message = self.collector.requests[0]
        self.assertEqual((path, sent["Content-Type"], sent["api-key"]), ("/v1/traces", "application/x-protobuf", "k 1"))
        resource = {pair.key: pair.value.string_value for pair in message.resource_spans[0].resource.attributes}
        self.assertEqual(resource["service.name"], "desk")
        self.assertEqual(self.collector.refusals, 0)  # the first attempt was told to come again

    def test_a_wrong_traceparent_begins_a_new_trace(self):
        with self.serve(OTEL_EXPORTER_OTLP_ENDPOINT=self.endpoint) as server:
            for wrong in (f"00-{TRACE.upper()}-{CALLER}-01", f"00-{'0' * 32}-{CALLER}-01", "nonsense"):
                with self.subTest(wrong):
                    _, headers, _ = server.send("/v2/models/trees/infer", {"inputs": [
                        {"name": "input", "shape": [1, 3], "datatype": "FP64", "data": [1, 2, 3]}]}, traceparent=wrong, tracestate="vendor=1")
                    version, trace, own, flags = headers["traceparent"].split("-")
                    self.assertEqual((version, flags, len(trace), len(own)), ("00", "01", 32, 16))
                    self.assertNotEqual(trace, TRACE)
                    span = self.collector.span(lambda span, trace=trace: span.trace_id.hex() == trace)
                    self.assertEqual((span.span_id.hex(), span.parent_span_id, span.trace_state), (own, b"", ""))
                    self.assertEqual(span.name, "POST /v2/models/{name}/infer")
                    self.assertEqual((attributes(span)["hone.model"], attributes(span)["hone.version"]), ("trees", "1.0.0"))

    def test_a_grpc_call_is_a_span_too(self):
        port = free_port()
        with self.serve("--otlp-endpoint", self.endpoint, "--grpc-port", str(port)) as server:
            tensor = tritonclient.grpc.InferInput("input", [1, 3], "FP64")
            tensor.set_data_from_numpy(np.array([[1.0, 2.0, 3.0]]))
            with tritonclient.grpc.InferenceServerClient(f"127.0.0.1:{port}") as client:
                client.infer("trees", [tensor], headers={"traceparent": f"00-{TRACE}-{CALLER}-01", "authorization": f"Bearer {server.token}"})
            span = self.collector.span(lambda span: span.name == "inference.GRPCInferenceService/ModelInfer")
        self.assertEqual((span.trace_id.hex(), span.parent_span_id.hex()), (TRACE, CALLER))
        self.assertEqual(attributes(span), {
            "rpc.system": "grpc", "rpc.service": "inference.GRPCInferenceService", "rpc.method": "ModelInfer",
            "rpc.grpc.status_code": 0, "hone.model": "trees", "hone.version": "1.0.0"})

    def test_a_decision_is_a_trace_of_its_own(self):
        with self.serve("--otlp-endpoint", self.endpoint, "--trace-sample", "0") as server:
            register = {"name": "trees", "content": pathlib.Path(LIGHTGBM_MODEL).read_text(encoding="utf-8")}
            self.assertEqual(server.send("/models/register", register)[0], 200)
            self.assertEqual(server.send("/models/ab-test", {"model": "trees", "split": {"1.0.0": 0.5, "1.1.0": 0.5}})[0], 200)
            self.assertEqual(server.send("/models/promote-winner", {"model": "trees", "version": "1.1.0"})[0], 200)
            span = self.collector.span(lambda span: span.name == "promote")
            decision = json.loads(server.send("/decisions/" + attributes(span)["hone.decision_id"])[2])
            names = [span.name for span in self.collector.spans()]
        self.assertEqual(attributes(span), {"hone.decision_id": decision["id"], "hone.model": "trees", "hone.version": "1.1.0",
                                            "hone.reason": "an operator promoted 1.1.0"})
        self.assertEqual((decision["kind"], len(span.trace_id), span.parent_span_id), ("promote", 16, b""))
        self.assertEqual((span.kind, span.flags & 1), (trace_pb2.Span.SPAN_KIND_INTERNAL, 1))
        self.assertLess(abs(time.time() - span.start_time_unix_nano / 1e9), 300)
        self.assertEqual(names, ["start_ab_test", "end_ab_test", "promote"])  # and no request

    def test_metrics_count_spans_and_stay_sound(self):
        with self.serve("--otlp-endpoint", self.endpoint) as server:
            server.send("/predict/batch", {"model": "trees", "rows": [[1, 2, 3]]}, traceparent=f"00-{TRACE}-{CALLER}-01")
            self.collector.span(lambda span: span.name == "POST /predict/batch")
            end = time.monotonic() + 10
            while True:
                metrics = server.send("/metrics")[2].decode()
                if "otlp_spans_exported_total 0\n" not in metrics or time.monotonic() > end:
                    break
            self.assertRegex(metrics, r"\notlp_spans_exported_total [1-9]")
            self.assertIn("\notlp_spans_dropped_total 0\n", metrics)
            checked = subprocess.run([PROMTOOL, "check", "metrics"], input=metrics, capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_a_collector_that_is_gone_disturbs_nobody(self):
        self.collector.shutdown()
        self.collector.server_close()
        with self.serve("--otlp-endpoint", self.endpoint) as server:
            for _ in range(100):
                self.assertEqual(server.send("/predict/single", PREDICTION)[0], 200)

    def test_without_an_endpoint_no_trace_is_given_back(self):
        with self.serve() as server:
            _, headers, _ = server.send("/predict/single", PREDICTION, traceparent=f"00-{TRACE}-{CALLER}-01")
            self.assertIsNone(headers["traceparent"])
            self.assertNotIn(b"otlp_spans", server.send("/metrics")[2])

    def test_the_log_is_json_with_trace_ids_and_no_secrets(self):
        with self.serve() as server:
            server.send("/predict/single", PREDICTION, traceparent=f"00-{TRACE}-{CALLER}-01")
            server.send("/models/promote-winner", {"model": "trees", "version": "9.0.0"}, traceparent=f"00-{TRACE}-{CALLER}-01")
            server.send("/models/summary?token=" + server.token)
            text = server.log.read_text()
            answered = {line["fields"]["route"]: line for line in server.lines() if line["message"] == "answered"}
        for line in server.lines():
            self.assertLessEqual({"time", "level", "message", "fields"}, line.keys())
        for route, status in (("/predict/single", 200), ("/models/promote-winner", 404)):
            line = answered[route]
            self.assertEqual((line["level"], line["fields"]["status"], line["trace_id"]), ("debug", status, TRACE))
            self.assertRegex(line["span_id"], "^[0-9a-f]{16}$")
            self.assertNotEqual(line["span_id"], CALLER)
        self.assertNotEqual(answered["/models/summary"]["trace_id"], TRACE)
        self.assertNotIn(server.token, text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
