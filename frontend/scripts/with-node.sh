#!/bin/sh
# with-node.sh --directory=[DIRECTORY] COMMAND...: runs COMMAND in frontend/ with DIRECTORY, where given, first on PATH.
# Refuses a Node that is missing or too old with one clear line, before npm fails with many.
set -eu
directory=${1#--directory=}
shift
cd "$(dirname "$0")/.."
if [ -n "$directory" ]; then
  PATH="$directory:$PATH"
  export PATH
fi
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "frontend: node and npm are needed and not on PATH (Node 20.19 or newer); -Dnode.directory=DIR names another place" >&2
  exit 1
fi
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`frontend: Node ${process.versions.node} is too old, 20.19 or newer is needed; -Dnode.directory=DIR names another one`);
    process.exit(1);
  }'
exec "$@"
