"""Servers that tests start, `hone serve` among them, and how they are asked."""

import json
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def wait_for(told, what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = told()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s there is no {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Program:
    """A server of somebody else, on a free port."""

    def __init__(self, ready, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.process.poll() is not None or ready(), command[0])
        if self.process.poll() is not None:
            raise AssertionError(f"{command[0]} ended with {self.process.returncode}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def redis_server(redis_program, port):
    return Program(lambda: redis(port, "PING") == "+PONG", redis_program, "--bind", "127.0.0.1", "--port", str(port),
                   "--save", "", "--appendonly", "no", "--requirepass", "word")


def redis_words(*words):
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word.encode()) for word in words)


class Redis:
    """As much of RESP as the tests need."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.lines = self.socket.makefile("rb")

    def ask(self, *words):
        self.socket.sendall(redis_words(*words))
        return self.reply()

    def reply(self):
        line = self.lines.readline().decode().rstrip()
        if line.startswith("*"):
            return [self.reply() for _ in range(int(line[1:]))]
        if line.startswith("$"):
            return self.lines.read(int(line[1:]) + 2)[:-2].decode()
        return line


def redis(port, *words):
    try:
        client = Redis(port)
        client.ask("AUTH", "word")
        with client.socket, client.lines:
            return client.ask(*words)
    except OSError:
        return None


class Hone:
    """`hone serve` on a free port."""

    def __init__(self, program, folder, config):
        self.log = pathlib.Path(folder, "serve.log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen([program, "--log-level", "info", "serve", "--dir", folder, "--port", "0",
                                             "--config", str(config)], stderr=log)
        self.url = wait_for(self.announced, "line that hone serves: " + self.log.read_text())
        wait_for(lambda: ask(self.url + "/readyz")[0] == 200, "answer that hone is ready")

    def announced(self):
        return next((line.rsplit(" on ", 1)[1] for line in self.log.read_text().splitlines() if " on http://" in line), None)

    def metric(self, name, **labels):
        series = name + "{" + ",".join(f'{label}="{value}"' for label, value in labels.items()) + "} "
        return next((float(line[len(series):]) for line in ask(self.url + "/metrics")[1].splitlines()
                     if line.startswith(series)), None)

    def alerts(self, query=""):
        return json.loads(ask(self.url + "/api/v1/alerts" + query)[1])["alerts"]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(30) == 0
