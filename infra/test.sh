#!/usr/bin/env bash
# Runs every test. On a Debian machine it first installs what is missing of the programs the tests run against;
# none of them is started as a service.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=Release
results=artifacts/test-results
# No single test may take longer; what the tests wait for is bounded well below.
hang=10m

say() { printf '\n== %s\n' "$*"; }

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and put dotnet on the PATH." >&2
    exit 3
fi

# program (or pattern of files) → Debian package
missing=()
needs() {
    compgen -G "$1" >/dev/null || command -v "$1" >/dev/null || missing+=("$2")
}
needs sipp sip-tester
needs baresip baresip-core
needs kamailio kamailio
needs '/usr/lib/*/kamailio/modules/tls.so' kamailio-tls-modules
needs '/usr/lib/*/kamailio/modules/websocket.so' kamailio-websocket-modules
needs linphone-daemon linphone-cli
needs dumpcap tshark
needs '/usr/lib/*/libsrtp2.so.1' libsrtp2-1
needs /usr/lib/rabbitmq/bin/rabbitmq-server rabbitmq-server
needs '/usr/lib/postgresql/*/bin/initdb' postgresql
needs dnsmasq dnsmasq-base
needs ps procps
needs python3 python3
needs docker-compose docker-compose
needs '/usr/lib/python3/dist-packages/docker/utils/build.py' python3-docker
needs git git
needs ip iproute2
needs openssl openssl
needs chromium chromium
needs fail2ban-regex fail2ban
# Another engine that answers is as good.
docker version >/dev/null 2>&1 || needs dockerd docker.io

# Debian starts a freshly installed server; policy-rc.d is its own switch against that.
policy=/usr/sbin/policy-rc.d
kept=
restore_policy() {
    if [ -n "$kept" ]; then
        $sudo rm -f "$policy"
        if [ -f "$kept" ]; then $sudo mv "$kept" "$policy"; fi
    fi
}

if [ ${#missing[@]} -gt 0 ]; then
    say "Installing ${missing[*]}"
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
        command -v sudo >/dev/null || { echo "Missing: ${missing[*]}. Install them, or run this as root." >&2; exit 3; }
    fi
    command -v apt-get >/dev/null || { echo "Missing: ${missing[*]} (Debian's names). There is no apt-get here to install them with." >&2; exit 3; }
    $sudo apt-get update -q
    trap restore_policy EXIT
    kept=$policy.before-eventcalls-tests
    if [ -e "$policy" ]; then $sudo mv "$policy" "$kept"; fi
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
    $sudo chmod +x "$policy"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    restore_policy
    trap - EXIT
fi

say "Checking docker-compose.yml"
docker-compose -f docker-compose.yml config -q

# With an engine, the tests build the image itself.
beside=()
if ! docker version >/dev/null 2>&1; then
    if [ "$(id -u)" -eq 0 ]; then
        beside=(infra/containers/with-docker.sh)
    elif [ "${EVENTCALLS_DOCKER:-}" = required ]; then
        echo "There is no Docker engine that answers, and one of the tests' own needs root." >&2
        exit 3
    else
        beside=(none)
    fi
fi
if [ "${beside[*]}" = none ]; then
    say "Building what the image is built of"
    infra/build-as-docker.py
fi

say "Building"
dotnet restore EventCalls.sln
dotnet build EventCalls.sln --no-restore -c $configuration -v minimal --nologo

say "Packing"
infra/pack.sh

say "Testing"
rm -rf "$results"
code=0
only=EventCalls
without=true
if [ "${beside[*]}" = none ]; then without=false; fi
run_tests() {
    "${@:2}" dotnet test "$1" --no-build -c $configuration --nologo -m:1 -p:WithoutContainers=$without --filter "FullyQualifiedName~$only" \
        --blame-hang-timeout $hang --blame-hang-dump-type none \
        --logger "trx;LogFilePrefix=$(basename "$1")" --logger "console;verbosity=minimal" --results-directory "$results" || code=$?
}
# Those that mostly calculate, one after the other, beside those that mostly wait for servers and browsers. Whole calls with real peers come alone after them.
calculating=(Contracts Sip Simulation Import Media Telephony Routing Replay)
run_calculating() {
    for name in "${calculating[@]}"; do
        run_tests "tests/EventCalls.$name.Tests"
    done
    return $code
}
mkdir -p "$results"
# In a process group of its own: in a script's, a background process ignores what Ctrl-C sends, and so would what the tests start.
set -m
run_calculating >"$results/calculating.txt" 2>&1 &
lane=$!
set +m
trap 'kill -TERM -- "-$lane" 2>/dev/null || true' EXIT
for project in tests/EventCalls.*.Tests; do
    name=${project#tests/EventCalls.}
    name=${name%.Tests}
    case " ${calculating[*]} Interop Containers " in
        *" $name "*) ;;
        *) run_tests "$project" ;;
    esac
done
wait "$lane" || code=$?
trap - EXIT
cat "$results/calculating.txt"
run_tests tests/EventCalls.Interop.Tests
if [ $without = false ]; then run_tests tests/EventCalls.Containers.Tests; fi

# Mutated input for five minutes: the tests above have played some seconds of it. What reads it takes one core and waits for nothing; the tests in containers wait a lot.
fuzz=
if [ -n "${CI:-}" ]; then
    dotnet tests/EventCalls.Benchmarks/bin/$configuration/net10.0/EventCalls.Benchmarks.dll fuzz --minutes 3 >"$results/fuzz.txt" 2>&1 &
    fuzz=$!
    trap 'kill "$fuzz" 2>/dev/null || true' EXIT
fi
if [ $without = true ]; then
    say "Testing in containers"
    without=false
    EVENTCALLS_DOCKER=required run_tests tests/EventCalls.Containers.Tests "${beside[@]}"
fi

if [ -n "$fuzz" ]; then
    say "Fuzzing"
    wait "$fuzz" || code=$?
    trap - EXIT
    cat "$results/fuzz.txt"
    # Then live calls, in virtual time and over sockets.
    without=true
    only=LiveFuzz
    EVENTCALLS_FUZZ_CASES=6000 run_tests tests/EventCalls.Telephony.Tests
    EVENTCALLS_FUZZ_CASES=500 run_tests tests/EventCalls.Interop.Tests
fi

# The totals of all result files: <Counters total="…" executed="…" passed="…" failed="…" …>.
read -r total passed failed < <(
    find "$results" -name '*.trx' -exec grep -hoE '<Counters [^>]*>' {} + 2>/dev/null |
        awk '{
            for (i = 2; i <= NF; i++) if (split($i, pair, "=\"") == 2) sum[pair[1]] += pair[2] + 0
        } END { print sum["total"] + 0, sum["passed"] + 0, sum["failed"] + sum["error"] + sum["timeout"] + sum["aborted"] + 0 }')
skipped=$((total - passed - failed))
if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "The run failed although no test did: a test process crashed or hung (see above)." >&2
    failed=1
fi
if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
    echo "No test ran." >&2
    code=1
fi
if [ "$failed" -ne 0 ]; then code=1; fi

echo
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
exit "$code"
