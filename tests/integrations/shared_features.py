"""Newest values of features, shared by a real Redis between servers of two folders: what one is fed the other tells, older
writes never win, and a Redis that is dead, hung or emptied costs nobody an answer.

    shared_features.py HONE REDIS_SERVER
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from servers import Hone, ask, free_port, redis, redis_server, wait_for

HONE, REDIS_SERVER = sys.argv[1:3]
DEFINITIONS = """features:
  - {name: trend, expression: 'close / ema(close, 20) - 1'}
  - {name: swing, expression: 'rolling_std(log(close / close[1]), 22)'}
"""
MARKET = "synthetic:break,bars=130"


class SharedFeatures(unittest.TestCase):

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        (self.scratch / "features.yaml").write_text(DEFINITIONS)
        (self.scratch / "password").write_text("word\n")
        (self.scratch / "first.csv").write_text(self.hone("bars", "--data", MARKET, "--first", "100"))
        for folder in ("fed", "other"):
            self.features(folder, "register", str(self.scratch / "features.yaml"))
        self.features("fed", "backfill", "--data", str(self.scratch / "first.csv"), "--entity", "spx")
        self.port = free_port()
        self.config = self.scratch / "serve.yaml"
        self.config.write_text(f"""features:
  redis:
    host: 127.0.0.1
    port: {self.port}
    password_file: {self.scratch}/password
    allow: [127.0.0.1]
    timeout: 200ms
    rest: 200ms
""")

    def hone(self, *arguments):
        done = subprocess.run([HONE, *arguments], check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def features(self, folder, *arguments):
        return self.hone("features", *arguments, "--dir", str(self.scratch / folder))

    def serve(self, folder):
        return Hone(HONE, str(self.scratch / folder), self.config)

    def post(self, server, skip):
        body = self.hone("bars", "--data", MARKET, "--skip", str(skip), "--first", "1", "--instrument", "spx", "--output", "json")
        status, answer = ask(server.url + "/market/bars", json.loads(body))
        self.assertEqual(status, 200, answer)
        self.assertEqual(json.loads(answer)["feature_values"], 2)

    def latest(self, server):
        status, body = ask(server.url + "/api/v1/features/latest/spx")
        return json.loads(body) if status == 200 else status

    def level(self, server, level):
        latest = self.latest(server)
        return latest if not isinstance(latest, int) and latest["level"] == level else None

    def reads(self, server, level, result):
        return server.metric("feature_latest_reads_total", level=level, result=result) or 0

    def test_what_one_is_fed_the_other_tells(self):
        with redis_server(REDIS_SERVER, self.port), self.serve("fed") as fed, self.serve("other") as other:
            mine = self.latest(fed)
            self.assertEqual(mine["level"], "memory", "restored at the start")
            theirs = wait_for(lambda: self.level(other, "redis"), "value read from Redis")
            self.assertEqual(theirs["values"], mine["values"])
            self.post(fed, 100)
            mine = self.latest(fed)
            self.assertEqual(mine["level"], "memory")
            wait_for(lambda: self.latest(other)["values"] == mine["values"], "new bar's values at the other server")
            self.assertEqual(self.reads(fed, "memory", "hit"), 2)
            self.assertGreaterEqual(self.reads(other, "redis", "hit"), 2)
            self.assertEqual(ask(other.url + "/api/v1/features/latest/nothing")[0], 404)
            self.assertGreaterEqual(self.reads(other, "redis", "miss"), 1)
            self.assertGreaterEqual(self.reads(other, "disk", "miss"), 1)
            self.features("fed", "backfill", "--data", MARKET, "--entity", "spx")
            told = self.latest(fed)
            self.assertEqual(told["level"], "disk", "what a command wrote is in neither memory nor Redis yet")
            self.assertEqual(self.latest(fed), {**told, "level": "memory"})
            wait_for(lambda: self.latest(other)["values"] == told["values"], "the command's values at the other server")

    def test_what_left_the_memory_is_told_by_redis(self):
        self.features("fed", "backfill", "--data", str(self.scratch / "first.csv"), "--entity", "ndx")
        self.config.write_text(self.config.read_text().replace("features:\n", "features:\n  entities: 1\n"))
        with redis_server(REDIS_SERVER, self.port), self.serve("fed") as fed:
            self.assertEqual(ask(fed.url + "/api/v1/features/latest/spx")[0], 200)  # from the disk, and offered to Redis
            mine = self.latest(fed)
            self.assertEqual(mine["level"], "memory")
            wait_for(lambda: redis(self.port, "HGET", "hone:latest:spx", "written_at"), "hash in Redis")
            self.assertEqual(ask(fed.url + "/api/v1/features/latest/ndx")[0], 200)
            self.assertEqual(self.latest(fed), {**mine, "level": "redis"})
            self.assertEqual(self.latest(fed), mine)
            self.assertEqual(fed.metric("feature_shared_writes_total", result="older"), None)

    def test_an_older_write_never_wins(self):
        with redis_server(REDIS_SERVER, self.port), self.serve("fed") as fed:
            key = "hone:latest:spx"
            fields = wait_for(lambda: redis(self.port, "HKEYS", key), "hash in Redis")
            trend = next(field for field in fields if field.startswith("trend@1:"))
            swing = next(field for field in fields if field.startswith("swing@1:"))
            there = redis(self.port, "HGET", key, trend)
            newer = "18" + there[2:40] + "18" + there[42:]  # an event two centuries ahead
            redis(self.port, "HSET", key, trend, newer)
            before = redis(self.port, "HGET", key, swing)
            self.post(fed, 100)
            wait_for(lambda: fed.metric("feature_shared_writes_total", result="older") == 1, "write that met a newer value")
            self.assertEqual(redis(self.port, "HGET", key, trend), newer)
            self.assertGreater(redis(self.port, "HGET", key, swing), before)
            self.assertEqual(redis(self.port, "HGET", key, "written_at"), "", "the values are not those of one folder")
            redis(self.port, "SET", "hone:latest:ndx", "no hash")
            self.assertEqual(ask(fed.url + "/api/v1/features/latest/ndx")[0], 404)
            self.assertEqual(self.reads(fed, "redis", "error"), 1)

    def test_a_redis_that_does_not_answer_costs_nobody_an_answer(self):
        server = redis_server(REDIS_SERVER, self.port)
        with self.serve("fed") as fed, self.serve("other") as other:
            wait_for(lambda: self.level(other, "redis"), "value read from Redis")
            server.process.send_signal(signal.SIGSTOP)
            self.assertEqual(self.latest(other), 404, "hung: the folder has no such instrument")
            server.process.send_signal(signal.SIGCONT)
            wait_for(lambda: self.level(other, "redis"), "value read from Redis again")
            server.__exit__()
            self.assertEqual(self.latest(other), 404)
            self.assertGreaterEqual(self.reads(other, "redis", "error"), 2)
            self.post(fed, 100)
            self.assertEqual(self.latest(fed)["level"], "memory")
            self.features("fed", "backfill", "--data", MARKET, "--entity", "spx")
            told = self.latest(fed)
            self.assertEqual(told["level"], "disk")
            with redis_server(REDIS_SERVER, self.port):  # with nothing in it
                again = wait_for(lambda: self.level(other, "redis"), "values in the new Redis")
                self.assertEqual(again["values"], told["values"])

    def test_wrong_settings_are_told_without_their_secrets(self):
        (self.scratch / "password").write_text("wrong\n")
        with redis_server(REDIS_SERVER, self.port), self.serve("fed") as fed:
            wait_for(lambda: "AUTH was refused" in fed.log.read_text(), "word of the refusal in the log")
            self.assertEqual(self.latest(fed)["level"], "memory")
            self.assertNotIn("wrong", fed.log.read_text())
        for old, new, told in (("port: ", "prt: ", "did you mean port"), ("[127.0.0.1]", "[]", "public internet"),
                               ("/password", "/nothing", "nothing"), ("200ms", "20h", "must be within")):
            broken = self.scratch / "broken.yaml"
            broken.write_text(self.config.read_text().replace(old, new, 1))
            done = subprocess.run([HONE, "serve", "--dir", str(self.scratch / "fed"), "--port", "0", "--config", str(broken)],
                                  check=False, capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("features.redis", done.stderr)
            self.assertIn(told, done.stderr)


if __name__ == "__main__":
    os.environ.pop("HONE_TOKEN", None)
    unittest.main(argv=sys.argv[:1], verbosity=2)
