# Sourced by ./faceanon and ./test: brings a bare Debian 12 with the .NET 10 SDK and npm to the point where the
# projects build. Says little, logs to .stamp/setup.log, and says what to do when it cannot go on.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en PYTHONDONTWRITEBYTECODE=1

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
log="$root/.stamp/setup.log"

ort_version=1.29.0
ort_npm=com.github.asus4.onnxruntime@0.4.9
ort_sha256=e59788788818fdde1b2e522e766a21ba0f7d8391de55737abf81e32cc801785d
ort_nupkg=Microsoft.ML.OnnxRuntime.Gpu.$ort_version.nupkg
ort_cache="${XDG_CACHE_HOME:-$HOME/.cache}/faceanon/onnxruntime-$ort_version"

say() { printf 'faceanon: %s\n' "$*" >&2; }

die() {
  say "$1"
  [ -n "${2:-}" ] && printf '%s\n' "$2" >&2
  exit 1
}

# Runs a step with its output in the log; shows the log's end when the step fails.
step() {
  local what=$1 advice=$2
  shift 2
  say "$what"
  if ! "$@" >>"$log" 2>&1; then
    tail -n 15 "$log" >&2
    die "failed: $what" "$advice (whole log: $log)"
  fi
}

# Everything that the build depends on, as one line: unchanged means nothing to do.
fingerprint() {
  (cd "$root" && find "$@" .setup Directory.Build.props Directory.Packages.props nuget.config global.json \
    \( -name bin -o -name obj -o -name forge \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | cksum)
}

need_sdk() {
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing" \
    "Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and put dotnet on PATH."
  local said
  said=$(cd "$root" && dotnet --version 2>&1) || die "the .NET SDK on PATH does not work, or is not version 10" \
    "Install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0). It says: $said"
}

# need_packages PROGRAM=PACKAGE...: installs the Debian packages whose programs are missing, when it may.
need_packages() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  install_packages "${missing[@]}"
}

# The forge runs on Debian's own Python, whatever other one is on PATH.
forge_python=/usr/bin/python3
need_forge() {
  local module missing=()
  for module in numpy scipy cv2=opencv torch onnx pytest; do
    "$forge_python" -c "import ${module%%=*}" 2>/dev/null || missing+=("python3-${module##*=}")
  done
  install_packages "${missing[@]}"
}

# Real servers, a browser and a Prometheus that tests of live streams talk to.
need_peers() {
  local missing=() folder rtsp=
  for folder in /usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib; do [ -e "$folder" ] && rtsp=yes; done
  [ -n "$rtsp" ] || missing+=(gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly)
  /usr/bin/python3 -c 'import gi' 2>/dev/null || missing+=(python3-gi)
  [ -e /usr/lib/nginx/modules/ngx_rtmp_module.so ] || missing+=(nginx-light libnginx-mod-rtmp)
  command -v prometheus >/dev/null || missing+=(prometheus)
  command -v chromedriver >/dev/null || missing+=(chromium chromium-driver)
  install_packages "${missing[@]}"
}

install_packages() {
  local missing=("$@") sudo=()
  [ ${#missing[@]} -eq 0 ] && return
  local command="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null || die "missing programs: ${missing[*]}" "Install them with this system's package manager."
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || die "missing Debian packages: ${missing[*]}" "Run: sudo apt-get update && sudo $command"
    sudo=(sudo -n)
  fi
  step "installing ${missing[*]} …" "Run by hand: $command" \
    "${sudo[@]}" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive $command"
}

# The machine's NuGet source may lack ONNX Runtime; npm carries the same release. Packed once, kept outside the clone.
pack_onnxruntime() {
  command -v npm >/dev/null || { echo "npm is missing"; return 1; }
  local work
  work=$(mktemp -d) || return 1
  (
    trap 'rm -rf "$work"' EXIT
    set -e
    cd "$work"
    npm pack "$ort_npm" --silent
    echo "$ort_sha256  $(ls ./*.tgz)" | sha256sum -c -
    tar xzf ./*.tgz package/Runtime package/Plugins/Linux/x64 package/LICENSE package/ThirdPartyNotices.txt
    cp "$root/.setup/onnxruntime/"*.csproj .
    dotnet pack -c Release -o out -p:OrtPackage="$work/package"
    mkdir -p "$ort_cache"
    mv "out/$ort_nupkg" "$ort_cache/.$$.nupkg"
    mv "$ort_cache/.$$.nupkg" "$ort_cache/$ort_nupkg"
  )
}

need_onnxruntime() {
  if [ ! -s "$ort_cache/$ort_nupkg" ]; then
    step "fetching ONNX Runtime $ort_version from npm (150 MB, once) …" \
      "Check that npm reaches its registry: npm view $ort_npm version" pack_onnxruntime
  fi
  mkdir -p "$root/.packages"
  cmp -s "$ort_cache/$ort_nupkg" "$root/.packages/$ort_nupkg" || cp "$ort_cache/$ort_nupkg" "$root/.packages/"

  # Each machine packs its own copy, so its hash is filled in here; every other package's hash is committed.
  local hash installed lock
  hash=$(printf "$(sha512sum "$root/.packages/$ort_nupkg" | cut -c1-128 | sed 's/../\\x&/g')" | base64 -w0)
  installed="${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.ml.onnxruntime.gpu/$ort_version"
  if [ -d "$installed" ] && [ "$(cat "$installed"/*.nupkg.sha512 2>/dev/null)" != "$hash" ]; then
    rm -rf "$installed"
  fi
  for lock in "$root"/src/*/packages.lock.json "$root"/tests/*/packages.lock.json; do
    mkdir -p "${lock%/*}/obj"
    sed "s|@onnxruntime@|$hash|" "$lock" >"${lock%/*}/obj/packages.lock.json"
  done
}

# build VERB PROJECT NAME: "publish" compiles ahead of time, for a quick start.
build() {
  step "building $3 …" "If a package was not found, check that NuGet reaches its source: dotnet nuget list source" \
    dotnet "$1" "$root/$2" -c Release -v quiet -p:RestoreLockedMode=true
}

# ensure NAME VERB PROJECT FOLDER...: builds PROJECT unless nothing under the FOLDERs changed since the last time.
ensure() {
  local name=$1 verb=$2 project=$3
  shift 3
  local stamp="$root/.stamp/$name" now
  now=$(fingerprint "$@")
  [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return
  mkdir -p "$root/.stamp"
  exec 9>"$root/.stamp/lock"
  flock 9
  if [ "$(cat "$stamp" 2>/dev/null)" != "$now" ]; then
    : >"$log"
    need_sdk
    need_packages ffmpeg=ffmpeg ffprobe=ffmpeg
    need_onnxruntime
    build "$verb" "$project" "$name"
    printf '%s' "$now" >"$stamp"
  fi
  exec 9>&-
}
