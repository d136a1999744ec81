#!/usr/bin/env bash
# How well each method hides people: anonymises every clip with each method, evaluates it with every recogniser and prints
# Markdown tables. A clip that cannot be read or anonymised is told, left out of every method's comparison, and makes the exit status
# 1. Needs python3 for the tables.
#
#   benchmarks/evaluate.sh [--methods "METHOD[:PRIVACY] ..."] [--frames N] [--clips FOLDER] [--models FOLDER] [--keep FOLDER]
#
#   --methods  default "synthetic:strong synthetic:natural blur mosaic"
#   --frames   only the first N frames of each clip; default 150, 0 takes all
#   --clips    folder of recordings; default ../shared/video
#   --models   folder of the recognisers and the landmark net; default ../shared/models
#   --draws    synthetic methods are measured with so many keys, and the means are printed; default 3: one draw of
#              identities says little about the next
#   --keep     where clips, outputs and measurements stay; default a temporary folder that is removed
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
methods="synthetic:strong synthetic:natural blur mosaic" frames=150 draws=3 work=
clips="$root/../shared/video" models="$root/../shared/models"
while [ $# -gt 0 ]; do
  case $1 in
    --methods) methods=$2; shift ;;
    --frames) frames=$2; shift ;;
    --draws) draws=$2; shift ;;
    --clips) clips=$2; shift ;;
    --models) models=$2; shift ;;
    --keep) work=$2; shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
recognizers=("$models/face_reid_0095.onnx" "$models/mobilefacenet.onnx" "$models/mobileface_v2.onnx")
for file in "${recognizers[@]}" "$models/facemesh_468.onnx"; do
  [ -f "$file" ] || { echo "no model $file: name its folder with --models" >&2; exit 1; }
done
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

status=0
mkdir -p "$work/original"
for clip in "$clips"/*.mp4; do
  [ -f "$clip" ] || { echo "no clips in $clips: name a folder with --clips" >&2; exit 1; }
  limit=()
  [ "$frames" -eq 0 ] || limit=(-frames:v "$frames")
  # Lossless: what is measured is the anonymiser's doing alone.
  if ! ffmpeg -nostdin -v error -y -i "$clip" -map 0:v:0 -an "${limit[@]}" -c:v libx264 -preset veryfast -qp 0 "$work/original/${clip##*/}"; then
    echo "error: ${clip##*/} cannot be decoded: left out" >&2
    rm -f "$work/original/${clip##*/}"
    status=1
  fi
done

# Every method is measured on the same clips, so all of them anonymise first.
runs=()
for method in $methods; do
  if [[ $method == synthetic* ]]; then
    for ((draw = 1; draw <= draws; draw++)); do runs+=("$method@$draw"); done
  else
    runs+=("$method@1")
  fi
done
for run in "${runs[@]}"; do
  method=${run%@*} draw=${run#*@}
  name=${method/:/-}@$draw
  options=(--method "${method%%:*}")
  [[ $method != *:* ]] || options+=(--privacy "${method#*:}")
  # The same people again, whoever measures.
  printf 'faceanon benchmarks/evaluate.sh, draw %s' "$draw" >"$work/key"
  mkdir -p "$work/$name"
  for clip in "$work/original"/*.mp4; do
    out="$work/$name/${clip##*/}"
    if ! "$root/faceanon" run "$clip" "$out" "${options[@]}" --key "$work/key" --faces "$out.jsonl" --overwrite --quiet >"$out.txt"; then
      echo "error: $name cannot anonymise ${clip##*/}: left out" >&2
      rm -f "$clip"
      status=1
    fi
  done
done

measured=()
for run in "${runs[@]}"; do
  name=${run/:/-}
  echo "evaluating $name …" >&2
  lists=()
  [[ $name != synthetic* ]] || lists=(--faces "$work/$name")
  if "$root/faceanon" evaluate "$work/original" "$work/$name" --recognizer "${recognizers[@]}" "${lists[@]}" \
    --landmarks "$models/facemesh_468.onnx" --json "$work/$name.json" --overwrite --quiet >"$work/$name.txt"; then
    measured+=("$name")
  else
    echo "error: $name cannot be evaluated: left out" >&2
    status=1
  fi
done
[ ${#measured[@]} -gt 0 ] || exit 1

python3 - "$work" "${measured[@]}" <<'P'
import json
import sys

work, *runs = sys.argv[1:]


def mean(draws):
    """The mean of every number in measurements of one shape."""
    known = [draw for draw in draws if draw is not None]
    if not known or isinstance(known[0], (str, bool)):
        return known[0] if known else None
    if isinstance(known[0], dict):
        return {key: mean([draw[key] for draw in known]) for key in known[0]}
    if isinstance(known[0], list):
        # What has another length in each draw lists single faces; nothing below reads it.
        return [mean(parts) for parts in zip(*known)]
    value = sum(known) / len(known)
    return round(value) if all(isinstance(number, int) for number in known) else value


names = list(dict.fromkeys(run.rpartition("@")[0] for run in runs))
measured = {name: mean([json.load(open(f"{work}/{run}.json")) for run in runs if run.rpartition("@")[0] == name])
            for name in names}
first = measured[names[0]]
print(f"{first['clips']} clips, {first['frames']} frames, {first['coverage']['faces']} faces; "
      f"{first['people']} people in {first['recognizedTracks']} tracks.\n")


def share(value, interval=None):
    if value is None:
        return "-"
    text = f"{100 * value:.1f} %"
    return f"{text} ({100 * interval['low']:.0f}-{100 * interval['high']:.0f})" if interval else text


def number(value):
    return "-" if value is None else f"{value:.2f}"


def identity(name, figures):
    return [name, *(cell for one in figures for cell in (
        share(one["calibratedMatch"], one["calibratedMatchInterval"]), share(one["rank1"], one["rank1Interval"])))]


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


if first["identity"]:
    judges = [one["recognizer"] for one in first["identity"]]
    chance = share(first["identity"][0]["chance"])
    table(["method", *(f"{judge}: {what}" for judge in judges for what in ("match", f"rank-1 (chance {chance})"))],
          [identity("originals", [one["original"] for one in first["identity"]]),
           *(identity(name, measured[name]["identity"]) for name in names)])


def sizes(one):
    return {size["name"]: size for size in one["bySize"]}


def from24(one):
    return [sizes(one)[key] for key in ("24-50 px", ">=50 px")]


def steady(cosines):
    """Of each recogniser in the output, and the original's beside it."""
    return " / ".join(f"{cosine['anonymised']:.3f} ({cosine['original']:.3f})" for cosine in cosines) or "-"


def behaviour(one):
    seen = [size for size in from24(one) if size["coverage"]["faces"]]
    found = sum(size["utility"]["detectionRate"] * size["coverage"]["faces"] for size in seen)
    faces = sum(size["coverage"]["faces"] for size in seen)
    return [steady(sizes(one)[">=50 px"]["stability"]["meanConsecutiveCosine"]),
            number(one["stability"]["jitterRatio"]), f"{one['coverage']['uncoveredFaces']} of {one['coverage']['faces']}",
            share(found / faces if faces else None), share(one["utility"]["landmarkDistance"])]


columns = ["cosine to the next frame, >= 50 px (original)", "jitter ratio", "uncovered", "found again, >= 24 px", "landmarks moved"]
table(["method", *columns], [[name, *behaviour(measured[name])] for name in names])


def covers(one):
    """Which share of the faces from 24 px on was replaced, and what became of the others."""
    parts = [size["covers"] for size in from24(one)]
    faces = sum(size["coverage"]["faces"] for size in from24(one))
    replaced = sum(part["levels"]["synthetic"] for part in parts)
    rest = {reason: sum(part["fallbacks"][reason] for part in parts) for reason in parts[0]["fallbacks"]}
    rest["notListed"] = sum(part["notListed"] for part in parts)
    return [share(replaced / faces if faces else None),
            ", ".join(f"{reason} {count}" for reason, count in rest.items() if count) or "-"]


synthetic = [name for name in names if measured[name]["replaced"]]
if synthetic:
    print("Replaced faces alone:\n")
    table(["method", "replaced, >= 24 px", "the rest", *columns],
          [[name, *covers(measured[name]), *behaviour(measured[name]["replaced"])] for name in synthetic])
for name in synthetic:
    print(f"{name}, by clip:\n")
    rows = []
    for clip, alone in zip(measured[name]["byClip"], measured[name]["replaced"]["byClip"]):
        faces = clip["coverage"]["faces"]
        rows.append([clip["name"], str(faces), share(clip["covers"]["levels"]["synthetic"] / faces if faces else None),
                     number(alone["stability"]["jitterRatio"]), share(alone["utility"]["detectionRate"]),
                     steady(alone["stability"]["meanConsecutiveCosine"])])
    table(["clip", "faces", "replaced", "jitter ratio", "found", "steady (original)"], rows)
P
exit $status
