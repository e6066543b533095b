#!/usr/bin/env bash
# What drift detectors do when nothing changes, and how soon they see what does: hone's beside River's, on the
# same streams in one run. Prints the tables of docs/reference/streaming_drift.md.
#
#   bench/drift_false_alarms.sh [SEEDS]      (default: 200)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/setup drift_peers
python=.deps/python/bin/python
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
program="${HONE_STREAM_ALARMS:-build/bench/bin/stream_alarms}"
PYTHONPATH=.deps/river "$python" bench/peers/drift_streams.py "$program" "$work" "${1:-200}"
