#!/usr/bin/env bash
# Runs a command beside a Docker engine of its own that is gone with it: infra/containers/with-docker.sh dotnet test …
#
# The engine (Debian's docker.io) lives in network, mount and process namespaces of its own. So nothing of the machine's is touched: its bridges, chains and mounts
# exist only in there, ports that a compose file fixes collide with nobody's, and what runs in there ends with the first process of the namespace. The command is in there too:
# it sees 127.0.0.1 alone, no other network. Needs root. The images are made of what is installed on this machine (images.py): no registry is asked.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1-}" != --inside ]; then
    [ "$(id -u)" -eq 0 ] || { echo "$0 needs root." >&2; exit 3; }
    for program in dockerd docker unshare ip iptables; do
        PATH=/usr/bin:/usr/sbin:/sbin:$PATH command -v $program >/dev/null || { echo "$0 needs $program." >&2; exit 3; }
    done
    folder=$(mktemp -d "${TMPDIR:-/tmp}/eventcalls-docker-XXXXXX")
    had_etc=$([ -e /etc/docker ] && echo yes || echo no)
    inside=
    tidy() {
        if [ -n "$inside" ]; then
            # unshare itself heeds neither INT nor TERM. The first process of the namespace dies with it, and is gone when all in there is.
            first=$(ps -o pid= --ppid "$inside" || true)
            kill -KILL "$inside" 2>/dev/null || true
            wait "$inside" 2>/dev/null || true
            for _ in $(seq 100); do
                case "$(ps -o stat= -p "${first:-$inside}")" in '' | Z*) break ;; esac
                sleep 0.1
            done
        fi
        # The engine makes a group for each container; they outlive the namespaces.
        find /sys/fs/cgroup -depth -type d -path "*/$(basename "$folder")*" -exec rmdir {} + 2>/dev/null || true
        [ "$had_etc" = yes ] || rmdir /etc/docker 2>/dev/null || true
        rm -rf "$folder"
    }
    trap tidy EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # When this process ends, however it does, so does the namespace's first one, and with it everything in there.
    setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc "$here/with-docker.sh" --inside "$folder" "$@" &
    inside=$!
    code=0
    wait "$inside" || code=$?
    inside=
    exit $code
fi

folder=$2
shift 2
# Debian's client goes with Debian's engine; another one on the path may build in another way.
export PATH=/usr/bin:/usr/sbin:/sbin:$PATH
ip link set lo up
# The engine puts sockets, locks and a key there whatever it is told.
mkdir -p /etc/docker
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /etc/docker
dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" -H "unix://$folder/docker.sock" --ip 127.0.0.1 \
    --cgroup-parent "/$(basename "$folder")" >"$folder/dockerd.log" 2>&1 &
engine=$!
export DOCKER_HOST=unix://$folder/docker.sock
for _ in $(seq 300); do
    DOCKER_API_VERSION=$(docker version --format '{{.Server.APIVersion}}' 2>/dev/null) && break
    kill -0 $engine 2>/dev/null || break
    sleep 0.1
done
if [ -z "${DOCKER_API_VERSION:-}" ]; then
    echo "The Docker engine did not start:" >&2
    tail -20 "$folder/dockerd.log" >&2
    exit 3
fi
# Testcontainers would dial the bridge's address, and ask for an image that removes what a crashed test leaves: here it ends with the engine.
export DOCKER_API_VERSION TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 TESTCONTAINERS_RYUK_DISABLED=true
# The Dockerfile mounts a cache, which only the newer builder can.
export DOCKER_BUILDKIT=1 COMPOSE_DOCKER_CLI_BUILD=1
"$here/images.py"

code=0
"$@" || code=$?
kill $engine
wait $engine || true
exit $code
