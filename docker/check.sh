#!/usr/bin/env bash
# Checks on this machine, without a container engine, what docker/ holds: the same steps as the Dockerfile (publish, run,
# serve, ask for health, scrape, stop), and the files for Prometheus, Grafana and systemd as far as their own tools can.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
service=
cleanup() {
  [ -z "$service" ] || kill -KILL "$service" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

step() { printf '\n== %s\n' "$*"; }
have() { command -v "$1" >/dev/null || { echo "skipped: no $1 here"; return 1; }; }

step "shell scripts"
sh -n "$here/camera.sh"
bash -n "$here/check.sh"

step "Prometheus: configuration, rules, tests of rules"
if have promtool; then
  promtool check config --syntax-only "$here/prometheus.yml"
  promtool check rules "$here/rules/faceanon.yml"
  promtool test rules "$here/rules/faceanon.test.yml"
fi

step "compose.yaml"
if docker compose version >/dev/null 2>&1; then
  docker compose -f "$here/compose.yaml" config --quiet
else
  echo "skipped: no docker compose here (tests look at the file)"
fi

step "systemd unit"
if have systemd-analyze; then
  systemd-analyze verify "$here/faceanon.service"
fi

step "publish and run, as the Dockerfile does"
"$root/faceanon" --version
published="$root/src/FaceAnonStream.Cli/bin/Release/net10.0/linux-x64/publish"
run() { dotnet "$published/faceanon.dll" "$@"; }
(cd "$work" && HOME=$work run --version)

step "serve, on a free port"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(umask 077 && head -c 24 /dev/urandom | base64 | tr -d '\n=' >"$work/token")
cat >"$work/faceanon.yaml" <<Y
service: { listen: "127.0.0.1:$port", tokenFile: "$work/token" }
streams:
  - { name: camera, source: "rtsp://127.0.0.1:9/camera", output: "rtsp://127.0.0.1:9/anonymised" }
Y
sed "s|/run/secrets/faceanon_token|$work/token|" "$here/faceanon.yaml" >"$work/compose.yaml"
run serve --check "$work/compose.yaml"
(cd "$work" && exec env HOME="$work" DOTNET_EnableDiagnostics=0 dotnet "$published/faceanon.dll" serve "$work/faceanon.yaml") >"$work/log" 2>&1 &
service=$!
healthy=
for _ in $(seq 150); do
  curl -fsS "http://127.0.0.1:$port/healthz" >/dev/null 2>&1 && healthy=yes && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.2
done
[ -n "$healthy" ] || { cat "$work/log"; echo "the service is not healthy"; exit 1; }
curl -fsS "http://127.0.0.1:$port/healthz"

step "scrape"
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/metrics")" = 401 ] || { echo "metrics need no token"; exit 1; }
printf 'header = "Authorization: Bearer %s"\n' "$(cat "$work/token")" |
  curl -fsS --config - "http://127.0.0.1:$port/metrics" -o "$work/metrics"
grep -E '^faceanon_(build_info|stream_running)' "$work/metrics"
! have promtool || promtool check metrics <"$work/metrics"

step "stop"
kill -TERM "$service"
status=0
wait "$service" || status=$?
service=
if grep -qF "$(cat "$work/token")" "$work/log"; then
  echo "the log holds the token"
  exit 1
fi
case $status in
  0 | 130 | 143) echo "stopped ($status)" ;;
  *) cat "$work/log"; echo "ended with status $status"; exit 1 ;;
esac
step "all is well"
