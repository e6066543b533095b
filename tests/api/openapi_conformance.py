"""Schemathesis (PyPI), with its default checks, against the running program: every answer is one that /openapi.json
tells of, requests of the right shape are not refused for it, others are, nothing is a fault of the server.

    openapi_conformance.py HONE LIGHTGBM_MODEL

In a folder without models, in one with a registered model, and where tokens are needed.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

HONE, LIGHTGBM_MODEL = sys.argv[1:3]


class Server:
    """`hone serve` on a free port."""

    def __init__(self, folder):
        self.log = pathlib.Path(folder, "serve.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen([HONE, "serve", "--dir", folder, "--port", "0"], stderr=log)
        self.url = self.wait_for(self.announced)
        self.wait_for(lambda: self.get("/readyz") == 200)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def announced(self):
        return next((line.rsplit(" on ", 1)[1] for line in self.log.read_text().splitlines() if " on http://" in line), None)

    def get(self, path):
        try:
            return urllib.request.urlopen(self.url + path, timeout=5).status
        except urllib.error.HTTPError as error:
            return error.code

    def wait_for(self, told):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            value = told()
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError("the server is not ready: " + self.log.read_text())


# One worker: Debian 12's Python (3.11.2) fails in ast.parse where two threads parse at a time.
def schemathesis(url, examples, *more):
    run = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", url + "/openapi.json",
           "--max-examples", str(examples), "--seed", "1", "--workers", "1", *more]
    return subprocess.run(run, capture_output=True, text=True, cwd=tempfile.gettempdir(), check=False)


class Conformance(unittest.TestCase):

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name

    def hone(self, *arguments):
        return subprocess.run([HONE, *arguments, "--dir", self.folder], check=True, capture_output=True, text=True).stdout

    def expect_conformance(self, server, examples, *more):
        done = schemathesis(server.url, examples, *more)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-2000:])
        self.assertIn("passed", done.stdout)
        self.assertIsNone(server.process.poll(), "the server died")
        self.assertEqual(server.get("/livez"), 200)

    def test_in_an_empty_folder(self):
        with Server(self.folder) as server:
            self.expect_conformance(server, 5)

    def test_with_a_registered_model(self):
        self.hone("models", "register", "m", "--file", LIGHTGBM_MODEL, "--activate")
        with Server(self.folder) as server:
            self.expect_conformance(server, 15)

    def test_where_tokens_are_needed(self):
        self.hone("models", "register", "m", "--file", LIGHTGBM_MODEL, "--activate")
        token = json.loads(self.hone("token", "create", "--role", "operate", "--output", "json"))["token"]
        with Server(self.folder) as server:
            self.assertEqual(server.get("/models/summary"), 401)
            self.expect_conformance(server, 3, "--header", "Authorization: Bearer " + token)


if __name__ == "__main__":
    os.environ.pop("HONE_TOKEN", None)
    unittest.main(argv=sys.argv[:1], verbosity=2)
