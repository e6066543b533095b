"""The program's alerts at a real Alertmanager, a real Redis, a real Kafka, a webhook and a stand-in of Discord with its rate
limit; what is told after kill -9 and by a channel that was dead; silences by HTTP and by command.

    alert_channels.py HONE LIGHTGBM_MODEL ALERTMANAGER REDIS_SERVER KAFKA_JARS CONFLUENT_KAFKA
"""

import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from servers import Hone, Program, Redis, ask, free_port, redis, redis_server, wait_for

HONE, LIGHTGBM_MODEL, ALERTMANAGER, REDIS_SERVER, KAFKA_JARS, CONFLUENT_KAFKA = sys.argv[1:7]
sys.path.append(CONFLUENT_KAFKA)
import confluent_kafka  # pylint: disable=wrong-import-position
import confluent_kafka.admin  # pylint: disable=wrong-import-position


class Receiver(http.server.BaseHTTPRequestHandler):

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        limited = self.server.refusals > 0
        self.server.refusals -= limited
        if not limited:
            self.server.received.append((self.path, body))
        self.server.times.append(time.monotonic())
        answer = json.dumps({"message": "You are being rate limited.", "retry_after": 1.5, "global": False}).encode()
        self.send_response(429 if limited else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Sink(http.server.ThreadingHTTPServer):
    """Keeps what is posted to it; the first `refusals` requests are told to come again."""

    def __init__(self, port=0, refusals=0):
        self.received, self.times, self.refusals = [], [], refusals
        super().__init__(("127.0.0.1", port), Receiver)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def alertmanager(port, folder):
    config = pathlib.Path(folder, "alertmanager.yml")
    config.write_text("route: {receiver: none}\nreceivers: [{name: none}]\n")
    return Program(lambda: ask(f"http://127.0.0.1:{port}/-/ready")[0] == 200, ALERTMANAGER, f"--config.file={config}",
                   f"--storage.path={folder}/am", f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")


def certificate(folder, name):
    """Signed by itself, for 127.0.0.1."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/{name}.key",
                    "-out", f"{folder}/{name}.pem"], check=True, capture_output=True)


class Kafka:
    """One node in KRaft mode with three listeners: in the clear, with SASL, and with SASL over TLS."""

    PROPERTIES = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAIN
listeners=PLAIN://127.0.0.1:{plain},SASL://127.0.0.1:{sasl},SECURE://127.0.0.1:{secure},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config={login}.plain.PlainLoginModule required user_hone="of-the-bus";
listener.name.sasl.scram-sha-512.sasl.jaas.config={login}.scram.ScramLoginModule required;
listener.name.secure.plain.sasl.jaas.config={login}.plain.PlainLoginModule required user_hone="of-the-bus";
listener.name.secure.scram-sha-512.sasl.jaas.config={login}.scram.ScramLoginModule required;
listener.name.secure.ssl.keystore.type=PEM
listener.name.secure.ssl.keystore.location={folder}/store.pem
auto.create.topics.enable=false
offsets.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
log.dirs={folder}/data
"""

    def __init__(self, folder):
        ports = {name: free_port() for name in ("plain", "sasl", "secure", "controller")}
        self.places = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        certificate(folder, "kafka")
        store = pathlib.Path(folder, "kafka.key").read_text() + pathlib.Path(folder, "kafka.pem").read_text()
        pathlib.Path(folder, "store.pem").write_text(store)
        self.config = pathlib.Path(folder, "server.properties")
        self.config.write_text(self.PROPERTIES.format(folder=folder, login="org.apache.kafka.common.security", **ports))
        formatted = self.java("kafka.tools.StorageTool", "format", "--cluster-id", "hone-alerts-hone-alert", "--config",
                              str(self.config), "--add-scram", "SCRAM-SHA-512=[name=hone,iterations=4096,password=of-the-bus]")
        if formatted.wait(90) != 0:
            raise AssertionError("Kafka's folder could not be made")
        self.process = self.java("kafka.Kafka", str(self.config))
        self.admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": self.places["plain"], "log_level": 0})
        try:
            wait_for(self.ready, "answer of Kafka", 90)
        except BaseException:
            self.end()
            raise

    @staticmethod
    def java(*arguments):
        return subprocess.Popen(["java", "-Xms128m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                                 f"{KAFKA_JARS}/*", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Kafka ended with {self.process.returncode}")
        try:
            return self.admin.list_topics(timeout=1).brokers
        except confluent_kafka.KafkaException:
            return None

    def make_topic(self, topic):
        self.admin.create_topics([confluent_kafka.admin.NewTopic(topic, 3, 1)])[topic].result(30)

    def read(self, topic, count, seconds=30):
        """The first messages of the topic, `count` at least: partition, key, and what the JSON says."""
        consumer = confluent_kafka.Consumer({"bootstrap.servers": self.places["plain"], "group.id": "test", "log_level": 0})
        consumer.assign([confluent_kafka.TopicPartition(topic, i, confluent_kafka.OFFSET_BEGINNING) for i in range(3)])
        told = []
        end = time.monotonic() + seconds
        while len(told) < count and time.monotonic() < end:
            told += [(message.partition(), message.key().decode(), json.loads(message.value()))
                     for message in consumer.consume(100, 0.2) if not message.error()]
        consumer.close()
        return told

    def end(self):
        self.process.kill()
        self.process.wait()


class AlertsTestCase(unittest.TestCase):

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.scratch = scratch.name
        self.folder = os.path.join(scratch.name, "state")
        for version in ("1.0.0", "1.1.0"):
            self.hone("models", "register", "m", "--file", LIGHTGBM_MODEL, "--version", version, "--activate")

    def hone(self, *arguments):
        done = subprocess.run([HONE, *arguments, "--dir", self.folder], check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def config(self, *channels, group_wait="0s", events_last="1h"):
        path = pathlib.Path(self.scratch, "serve.yaml")
        lines = ["alerts:", f"  group_wait: {group_wait}", "  group_interval: 1s", "  allow: [127.0.0.1]",
                 "  retry_first: 200ms", "  retry_longest: 400ms", f"  events_last: {events_last}", "  channels:"]
        path.write_text("\n".join(lines + [f"    - {channel}" for channel in channels]) + "\n")
        return path

    def roll_back(self, server):
        status, body = ask(server.url + "/models/m/rollback", {})
        self.assertEqual(status, 200, body)


class AlertChannels(AlertsTestCase):

    def test_every_channel_is_told(self):
        redis_port, alertmanager_port = free_port(), free_port()
        with Sink() as hook, Sink(refusals=1) as discord, redis_server(REDIS_SERVER, redis_port), \
                alertmanager(alertmanager_port, self.scratch):
            listener = Redis(redis_port)
            self.addCleanup(listener.socket.close)
            self.addCleanup(listener.lines.close)
            listener.ask("AUTH", "word")
            listener.ask("SUBSCRIBE", "alerts")
            config = self.config(
                f"{{name: hook, type: webhook, url: '{hook.url('/in/SECRET')}'}}",
                f"{{name: am, type: alertmanager, url: 'http://127.0.0.1:{alertmanager_port}'}}",
                f"{{name: discord, type: discord, url: '{discord.url('/api/webhooks/1/SECRET')}'}}",
                f"{{name: redis, type: redis, host: 127.0.0.1, port: {redis_port}, password: word, publish: alerts, stream: told}}",
                "{name: log, type: log}")
            with Hone(HONE, self.folder, config) as server:
                self.roll_back(server)
                wait_for(lambda: discord.received, "message at Discord")
                told = wait_for(lambda: hook.received, "webhook")
                self.assertEqual(len(told), 1)
                path, notice = told[0]
                self.assertEqual(path, "/in/SECRET")
                self.expect_version_4(notice)
                self.expect_discord(discord)
                mine = server.alerts("?state=firing&severity=critical")
                self.assertEqual(len(mine), 1)
                self.assertEqual(mine[0]["labels"], notice["alerts"][0]["labels"])
                self.assertEqual(server.alerts("?severity=info"), [])
                self.assertEqual(server.alerts("?state=resolved"), [])
                self.expect_alertmanager(alertmanager_port, mine[0])
                self.assertEqual(json.loads(listener.reply()[2])["alerts"], notice["alerts"])
                entry = redis(redis_port, "XRANGE", "told", "-", "+")[0][1]
                self.assertEqual(entry[0], "alert")
                self.assertEqual(json.loads(entry[1])["receiver"], "redis")
                for channel in ("hook", "am", "discord", "redis", "log"):
                    wait_for(lambda: server.metric("alert_messages_sent_total", channel=channel) == 1, f"count of {channel}")
                    self.assertEqual(server.metric("alert_messages_queued", channel=channel), 0, channel)
                self.assertEqual(server.metric("alert_messages_failed_total", channel="discord"), 1)
                log = server.log.read_text()
                self.assertIn("VersionRolledBack", log)
                self.assertNotIn("SECRET", log)
                self.assertNotIn("word", log.split())

    def expect_version_4(self, notice):
        self.assertEqual(set(notice), {"version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels",
                                       "commonLabels", "commonAnnotations", "externalURL", "alerts"})
        self.assertEqual((notice["version"], notice["status"], notice["receiver"]), ("4", "firing", "hook"))
        self.assertEqual(notice["groupLabels"], {"alertname": "VersionRolledBack", "model": "m"})
        alert = notice["alerts"][0]
        self.assertEqual(set(alert), {"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"})
        self.assertEqual(alert["labels"]["severity"], "critical")

    def expect_discord(self, discord):
        self.assertIn("VersionRolledBack", discord.received[0][1]["content"])
        self.assertEqual(discord.received[0][1]["allowed_mentions"], {"parse": []})
        self.assertGreaterEqual(discord.times[1] - discord.times[0], 1.5)

    def expect_alertmanager(self, port, mine):
        there = wait_for(lambda: json.loads(ask(f"http://127.0.0.1:{port}/api/v2/alerts")[1]), "alert at Alertmanager")
        self.assertEqual(len(there), 1)
        self.assertEqual(there[0]["fingerprint"], mine["fingerprint"])
        self.assertEqual(there[0]["labels"], mine["labels"])
        self.assertEqual(there[0]["annotations"], mine["annotations"])
        self.assertEqual(there[0]["status"]["state"], "active")

    # The decision is acknowledged and the program killed before anybody was told.
    def test_kill_nine_between_firing_and_sending(self):
        with Sink() as hook:
            config = self.config(f"{{name: hook, type: webhook, url: '{hook.url('/')}'}}", group_wait="2s")
            server = Hone(HONE, self.folder, config)
            self.roll_back(server)
            server.kill()
            self.assertEqual(hook.received, [])
            with Hone(HONE, self.folder, config):
                wait_for(lambda: hook.received, "webhook after the kill")
            self.assertEqual(hook.received[0][1]["alerts"][0]["labels"]["alertname"], "VersionRolledBack")

    def test_a_dead_channel_blocks_nobody_and_loses_nothing(self):
        port = free_port()
        with Sink() as hook:
            config = self.config(f"{{name: dead, type: webhook, url: 'http://127.0.0.1:{port}/'}}",
                                 f"{{name: hook, type: webhook, url: '{hook.url('/')}'}}")
            server = Hone(HONE, self.folder, config)
            self.roll_back(server)
            wait_for(lambda: hook.received, "webhook of the other channel")
            wait_for(lambda: (server.metric("alert_messages_failed_total", channel="dead") or 0) >= 2, "second attempt")
            self.assertEqual(server.metric("alert_messages_queued", channel="dead"), 1)
            server.kill()
            with Hone(HONE, self.folder, config), Sink(port) as dead:
                wait_for(lambda: dead.received, "webhook once the channel lives")
                self.assertEqual(len(hook.received), 1, "what was taken is not sent again")

    def test_silences(self):
        with Sink() as hook:
            config = self.config(f"{{name: hook, type: webhook, url: '{hook.url('/')}'}}")
            with Hone(HONE, self.folder, config) as server:
                status, body = ask(server.url + "/api/v1/silences", {"matchers": ["model=m"], "seconds": 600, "comment": "known"})
                self.assertEqual(status, 200, body)
                by_http = json.loads(body)["id"]
                by_command = self.hone("alerts", "silence", "alertname=VersionRolledBack", "--for", "10m").strip()
                self.assertEqual({silence["id"] for silence in json.loads(ask(server.url + "/api/v1/silences")[1])["silences"]},
                                 {by_http, by_command})
                self.roll_back(server)
                alert = wait_for(lambda: server.alerts(), "alert")[0]
                self.assertEqual(set(alert["silenced_by"]), {by_http, by_command})
                self.assertIn("silenced", self.hone("alerts", "list"))
                self.assertEqual(ask(server.url + "/api/v1/silences/" + by_http, method="DELETE")[0], 200)
                self.assertEqual(ask(server.url + "/api/v1/silences/" + by_http, method="DELETE")[0], 409)
                time.sleep(1.5)
                self.assertEqual(hook.received, [])
                self.hone("alerts", "unsilence", by_command)
                wait_for(lambda: hook.received, "webhook once nothing silences it")
                self.assertEqual(json.loads(self.hone("alerts", "list", "--output", "json"))["alerts"], server.alerts())

    def test_a_broken_channel_is_an_error_at_start_with_its_line(self):
        for channel, told in {"{name: x, type: webhok, url: 'http://a/'}": "did you mean webhook",
                              "{name: x, type: webhook, url: 'http://10.0.0.1/SECRET'}": "public internet",
                              "{name: x, type: webhook, urll: 'http://a/'}": "did you mean url"}.items():
            done = subprocess.run([HONE, "serve", "--dir", self.folder, "--port", "0", "--config", str(self.config(channel))],
                                  check=False, capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("serve.yaml:9: alerts.channels", done.stderr)
            self.assertIn(told, done.stderr)
            self.assertNotIn("SECRET", done.stderr)


class KafkaChannel(AlertsTestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.kafka_folder = folder.name
        cls.kafka = Kafka(folder.name)
        cls.addClassCleanup(cls.kafka.end)

    def setUp(self):
        super().setUp()
        self.topic = self.id().rsplit(".", 1)[1]
        self.kafka.make_topic(self.topic)

    def channel(self, place, *keys, name="bus"):
        return "{" + ", ".join([f"name: {name}", "type: kafka", f"brokers: ['{place}']", f"topic: {self.topic}", *keys]) + "}"

    # What is told of one alert has one key and lies in one partition, in its order.
    def test_alerts_are_there_as_the_webhook_has_them(self):
        with Sink() as hook:
            config = self.config(self.channel(self.kafka.places["plain"]), f"{{name: hook, type: webhook, url: '{hook.url('/')}'}}",
                                 events_last="1s")
            with Hone(HONE, self.folder, config) as server:
                self.roll_back(server)
                told = self.kafka.read(self.topic, 2)
                self.assertEqual([alert["status"] for _, _, alert in told], ["firing", "resolved"])
                alerts = [alert for _, notice in wait_for(lambda: len(hook.received) == 2 and hook.received, "webhooks")
                          for alert in notice["alerts"]]
                self.assertEqual([alert for _, _, alert in told], alerts)
                self.assertEqual([key for _, key, _ in told], [alert["fingerprint"] for alert in alerts])
                self.assertEqual(told[0][:2], told[1][:2], "partition and key")
                wait_for(lambda: server.metric("alert_messages_sent_total", channel="bus") == 2, "count")
                self.assertEqual(server.metric("alert_messages_failed_total", channel="bus"), 0)
                self.assertEqual(server.metric("alert_messages_queued", channel="bus"), 0)

    def test_log_in_with_secrets_of_a_file_and_of_the_environment(self):
        secret = pathlib.Path(self.scratch, "secret")
        secret.write_text("of-the-bus\n")
        os.environ["BUS_PASSWORD"] = "of-the-bus"
        self.addCleanup(os.environ.pop, "BUS_PASSWORD")
        certificate(self.scratch, "another")
        tls = ("tls: true", "sasl: scram-sha-512", "user: hone", "password_env: BUS_PASSWORD")
        config = self.config(
            self.channel(self.kafka.places["sasl"], "sasl: plain", "user: hone", f"password_file: '{secret}'", name="plain"),
            self.channel(self.kafka.places["secure"], *tls, f"ca: '{self.kafka_folder}/kafka.pem'", name="scram"),
            self.channel(self.kafka.places["sasl"], "sasl: plain", "user: hone", "password: of-another", "timeout: 3s", name="wrong"),
            self.channel(self.kafka.places["secure"], *tls, f"ca: '{self.scratch}/another.pem'", "timeout: 3s", name="strange"))
        with Hone(HONE, self.folder, config) as server:
            self.roll_back(server)
            told = self.kafka.read(self.topic, 2)
            self.assertEqual(told[0], told[1], "one alert by two channels")
            for channel, sent, queued in (("plain", 1, 0), ("scram", 1, 0), ("wrong", 0, 1), ("strange", 0, 1)):
                wait_for(lambda: server.metric("alert_messages_sent_total", channel=channel) == sent, f"count of {channel}")
                self.assertEqual(server.metric("alert_messages_queued", channel=channel), queued, channel)
            for channel in ("wrong", "strange"):
                wait_for(lambda: (server.metric("alert_messages_failed_total", channel=channel) or 0) >= 1, f"failure of {channel}")
            log = server.log.read_text()
            self.assertIn("the user or the password was refused", log)
            self.assertIn("certificate verify failed", log)
            self.assertNotIn("of-the-bus", log)
            self.assertNotIn("of-another", log)
        self.assertEqual(len(self.kafka.read(self.topic, 3, 1)), 2)

    # Kafka stops answering: nothing counts as delivered, nobody waits for it, and after kill -9 and when it answers again all
    # of it is there in its order.
    def test_a_kafka_that_hangs_holds_up_nobody_and_loses_nothing(self):
        with Sink() as hook:
            config = self.config(self.channel(self.kafka.places["plain"], "timeout: 500ms"),
                                 f"{{name: hook, type: webhook, url: '{hook.url('/')}'}}", events_last="1s")
            server = Hone(HONE, self.folder, config)
            self.kafka.process.send_signal(signal.SIGSTOP)
            try:
                self.roll_back(server)
                wait_for(lambda: len(hook.received) == 2, "webhooks of the other channel")
                wait_for(lambda: (server.metric("alert_messages_failed_total", channel="bus") or 0) >= 2, "second attempt")
                self.assertEqual(server.metric("alert_messages_sent_total", channel="bus"), 0)
                self.assertEqual(server.metric("alert_messages_queued", channel="bus"), 2)
            finally:
                server.kill()
                self.kafka.process.send_signal(signal.SIGCONT)
            with Hone(HONE, self.folder, config) as server:
                wait_for(lambda: server.metric("alert_messages_sent_total", channel="bus") == 2, "delivery after all")
            told = [alert["status"] for _, _, alert in self.kafka.read(self.topic, 2)]
            self.assertEqual(told, sorted(told), "firing (perhaps more than once) before resolved")
            self.assertEqual(set(told), {"firing", "resolved"})

    def test_no_broker_and_no_topic(self):
        dead = f"127.0.0.1:{free_port()}"
        config = self.config(self.channel(dead, "timeout: 1s", name="dead"),
                             self.channel(self.kafka.places["plain"], "timeout: 3s", name="untold").replace(self.topic, "nowhere"))
        with Hone(HONE, self.folder, config) as server:
            self.roll_back(server)
            for channel in ("dead", "untold"):
                wait_for(lambda: (server.metric("alert_messages_failed_total", channel=channel) or 0) >= 1, f"failure of {channel}")
                self.assertEqual(server.metric("alert_messages_queued", channel=channel), 1)
            log = server.log.read_text()
            self.assertIn(f"Connect to ipv4#{dead} failed: Connection refused", log)
            self.assertIn("Unknown topic", log)


if __name__ == "__main__":
    os.environ.pop("HONE_TOKEN", None)
    unittest.main(argv=sys.argv[:1], verbosity=2)
