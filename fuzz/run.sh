#!/usr/bin/env bash
# Fuzzes the decoder, from the recorded streams on: fuzz/run.sh [SECONDS]       each target, 60 by default
#
# Needs a nightly toolchain and `cargo install cargo-fuzz`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for target in sse events; do
  mkdir -p "corpus/$target"
  for recording in ../tests/recordings/flowise-3.1.4/*.sse; do
    seed=corpus/$target/$(basename "$recording")
    # The bytes in front: a limit and three cuts. The beginning of a recording has every form; length is not the point.
    [ -e "$seed" ] || { printf '\xff\x40\x80\xc0' && head -c 1500 "$recording"; } >"$seed"
  done
  cargo +nightly fuzz run "$target" -- -max_total_time="${1:-60}" -max_len=2000 -timeout=20
done
