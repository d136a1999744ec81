#!/usr/bin/env bash
# What live streams cost on this machine: the latency that is added to one stream, and how many streams are held in real time.
# Every stream has a camera of its own (an ffmpeg that plays a clip in a loop, without coding it anew) and a viewer that
# takes the output and throws it away; both cost something too, and count.
#
#   benchmarks/live.sh latency  [--seconds S] [--clip FILE] [--method mosaic|synthetic]
#   benchmarks/live.sh capacity [--seconds S] [--clip FILE] [--method mosaic|synthetic] [--max N: streams of 480 rows]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
what=${1:-}
case $what in latency | capacity) shift ;; *) usage ;; esac
clip="$root/../shared/video/street-walk.mp4"
seconds=20 max=14 methods="mosaic synthetic"
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift ;;
    --clip) clip=$2; shift ;;
    --max) max=$2; shift ;;
    --method) methods=$2; shift ;;
    *) usage ;;
  esac
  shift
done
[ -f "$clip" ] || { echo "no clip $clip: name one with --clip" >&2; exit 1; }
"$root/faceanon" --version >/dev/null

work=$(mktemp -d)
pids=()
service=
stop() {
  if [ -n "$service" ]; then
    kill "$service" 2>/dev/null || true
    wait "$service" 2>/dev/null || true
    service=
  fi
  # Cameras and viewers have nothing to lose, and a viewer that waits for packets hears no gentler word.
  [ ${#pids[@]} -eq 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
  [ ${#pids[@]} -eq 0 ] || wait "${pids[@]}" 2>/dev/null || true
  pids=()
}
trap 'stop; rm -rf "$work"' EXIT


# source_of HEIGHT RATE: the clip, in a loop, as a camera would code it.
source_of() {
  local file="$work/$1p$2.mp4"
  [ -f "$file" ] || ffmpeg -nostdin -v error -stream_loop -1 -i "$clip" -t "$((3 * seconds + 60))" -map 0:v:0 \
    -vf "fps=$2,scale=-2:$1,crop=trunc(iw/2)*2:ih" -c:v libx264 -preset veryfast -crf 23 -g "$2" -bf 0 -pix_fmt yuv420p "$file"
  echo "$file"
}

# camera FILE: an RTSP server that plays the file to whoever asks. Leaves its port in $camera_port.
camera() {
  camera_port=$((20000 + RANDOM % 10000))
  /usr/bin/python3 "$root/tests/FaceAnonStream.Tests/Kit/Peers/rtsp-server.py" --port "$camera_port" --file "$1" --record "$work/rec-" >"$work/camera.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$camera_port") 2>/dev/null && return
    sleep 0.1
  done
  echo "the camera did not start (needs gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-good -bad -ugly):" >&2
  cat "$work/camera.log" >&2
  exit 1
}

# viewer PORT: takes an output and throws it away.
viewer() {
  ffmpeg -nostdin -v quiet -f mpegts -i "udp://127.0.0.1:$1?fifo_size=100000&overrun_nonfatal=1" -c copy -f null - &
  pids+=($!)
}

machine() { echo "$(nproc) cores, $(grep -m 1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(ffmpeg -version | head -n 1 | cut -d' ' -f1-3)"; }

latency() {
  echo "| stream | method | added latency: median | 99 of 100 frames | look-ahead | dropped |"
  echo "|---|---|---|---|---|---|"
  local height rate method file
  for height in 480 720 1080; do
    for method in $methods; do
      rate=25
      file=$(source_of "$height" "$rate")
      camera "$file"
      viewer $((camera_port + 1))
      printf 'live:\n  maxLatencyMs: 1000\n' >"$work/latency.yaml"
      "$root/faceanon" run "rtsp://127.0.0.1:$camera_port/cam" "udp://127.0.0.1:$((camera_port + 1))?pkt_size=1316" --config "$work/latency.yaml" \
        --method "$method" --duration "$seconds" --quiet --overwrite --report "$work/report.json"
      /usr/bin/python3 - "$work/report.json" "${height}p$rate" <<'P'
import json, sys
r = json.load(open(sys.argv[1]))
print("| {} | {} | {} ms | {} ms | {} ms | {} |".format(
    sys.argv[2], r["method"], r["latencyMs"]["p50"], r["latencyMs"]["p99"], r["settings"]["track"]["lookAheadMs"], sum(r["dropped"].values())))
P
      stop
    done
  done
}

# holds N HEIGHT RATE METHOD: whether N streams run without a drop. The service runs alone with its cameras and viewers.
holds() {
  local streams=$1 file config="$work/serve.yaml" port i
  file=$(source_of "$2" "$3")
  camera "$file"
  port=$((camera_port + 1))
  {
    printf 'service:\n  listen: 127.0.0.1:%s\nredact:\n  method: %s\nstreams:\n' "$port" "$4"
    for ((i = 1; i <= streams; i++)); do
      viewer $((port + i))
      printf '  - name: s%s\n    source: rtsp://127.0.0.1:%s/cam\n    output: udp://127.0.0.1:%s?pkt_size=1316\n' "$i" "$camera_port" $((port + i))
    done
  } >"$config"
  "$root/faceanon" serve "$config" 2>"$work/serve.log" &
  service=$!
  /usr/bin/python3 - "$port" "$streams" "$3" "$seconds" <<'P'
import json, sys, time, urllib.request
port, streams, rate, seconds = map(int, sys.argv[1:])
def vitals():
    try:
        answer = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/streams", timeout=5))
    except OSError:
        return []
    answer = answer if isinstance(answer, list) else answer["streams"]
    return [s["vitals"] for s in answer if s["state"] == "running" and s["vitals"]]
deadline = time.time() + 60
while len(vitals()) < streams:
    if time.time() > deadline:
        sys.exit(1)
    time.sleep(0.5)
time.sleep(5)
before, start = vitals(), time.time()
time.sleep(seconds)
after, took = vitals(), time.time() - start
if len(before) < streams or len(after) < streams:
    sys.exit(1)
# In real time: nothing is dropped, every frame of the camera comes out, and no connection was made again.
out = [a["framesOut"] - b["framesOut"] for a, b in zip(after, before)]
dropped = [a["framesDropped"] - b["framesDropped"] for a, b in zip(after, before)]
again = [a["reconnects"] - b["reconnects"] for a, b in zip(after, before)]
print(streams, "streams, frames out", out, "in", round(took, 2), "s, dropped", dropped, "reconnects", again, file=sys.stderr)
sys.exit(0 if not any(dropped) and not any(again) and min(out) >= 0.97 * rate * took else 1)
P
}

capacity() {
  echo "| streams held | 480p15 | 480p25 | 720p15 | 720p25 | 1080p15 | 1080p25 |"
  echo "|---|---|---|---|---|---|---|"
  local method height rate low high middle row
  for method in $methods; do
    row="| $method |"
    for height in 480 720 1080; do
      for rate in 15 25; do
        # Larger pictures cost more: no need to look for as many.
        low=0 high=$((max * 480 * 480 / (height * height) + 2))
        while [ $((high - low)) -gt 1 ]; do
          middle=$(((low + high) / 2))
          # Machines are noisy: what fails is tried once more.
          if holds "$middle" "$height" "$rate" "$method" || { stop; holds "$middle" "$height" "$rate" "$method"; }; then
            low=$middle
          else
            high=$middle
          fi
          stop
        done
        # Nobody looked for more.
        [ "$low" -lt $((max * 480 * 480 / (height * height) + 1)) ] || low="$low or more"
        row="$row $low |"
      done
    done
    echo "$row"
  done
}

machine
"$what"
