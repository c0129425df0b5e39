#!/bin/sh
# run.sh [--jar FILE] [--picture FILE]: starts the service's jar on a free port with a data directory of its own,
# drives the page in headless Chromium from submit to download, and stops the service. Exits with the test's status.
# Needs java, node, chromium (CHROMIUM names another path than /usr/bin/chromium), python3 and curl (the experiment runs them).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
frontend=$(dirname "$here")
jar=$(dirname "$frontend")/service/target/gnomon-service.jar
picture=
while [ $# -gt 0 ]; do
  case $1 in
    --jar) jar=$2; shift 2 ;;
    --picture) picture=$2; shift 2 ;;
    *) echo "usage: run.sh [--jar FILE] [--picture FILE]" >&2; exit 2 ;;
  esac
done

[ -f "$jar" ] || { echo "run.sh: no such jar: $jar (build it with mvn -pl service -am package)" >&2; exit 1; }
chromium=${CHROMIUM:-/usr/bin/chromium}
[ -x "$chromium" ] || { echo "run.sh: no browser at $chromium (apt-get install chromium)" >&2; exit 1; }
for program in java node python3 curl; do
  command -v "$program" >/dev/null 2>&1 || { echo "run.sh: $program is needed and not on PATH" >&2; exit 1; }
done

(cd "$frontend" && node scripts/install.mjs)

work=$(mktemp -d)
service=
stop() {
  status=$?
  trap - EXIT INT TERM
  if [ -n "$service" ] && kill -0 "$service" 2>/dev/null; then
    kill "$service"
    wait "$service" 2>/dev/null || true
  fi
  if [ "$status" -ne 0 ] && [ -f "$work/service.log" ]; then
    echo "--- the last of the service's log" >&2
    tail -n 60 "$work/service.log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(node -e 'const server = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(server.address().port); server.close(); })')
base=http://127.0.0.1:$port

cd "$work"
java -jar "$jar" --server.port="$port" --gnomon.data-directory="$work/data" >"$work/service.log" 2>&1 &
service=$!

# Generous: a machine that builds at the same time may take a minute.
deadline=$(($(date +%s) + 180))
until node -e 'fetch(process.argv[1]).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' "$base/actuator/health"; do
  kill -0 "$service" 2>/dev/null || { echo "run.sh: the service ended while starting" >&2; exit 1; }
  [ "$(date +%s)" -lt "$deadline" ] || { echo "run.sh: the service did not become healthy: url=$base/actuator/health" >&2; exit 1; }
  sleep 0.5
done

set -- --base-url "$base"
[ -z "$picture" ] || set -- "$@" --picture "$picture"
node "$here/submit-to-download.mjs" "$@"
