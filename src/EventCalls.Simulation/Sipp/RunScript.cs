using System.Globalization;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;

namespace EventCalls.Simulation.Sipp;

/// <summary>Writes the shell script that plays the scenarios, and the words that go with it.</summary>
internal static class RunScript
{
    private const int SpareSeconds = 60;

    /// <summary><c>run.sh</c>.</summary>
    public static string Of(Recording recording, IReadOnlyList<SippEndpoint> endpoints)
    {
        string transport = recording.Started.Transport == "udp" ? "u1" : "t1";
        string limit = LimitOf(recording).ToString(CultureInfo.InvariantCulture);
        var script = new StringBuilder(
            $$"""
            #!/bin/sh
            # Plays the recorded call {{recording.Started.CallId:D}} again with SIPp; README.md says what it needs.
            set -eu
            cd "$(dirname "$0")"
            SERVICE=${SERVICE:-127.0.0.1:5060}
            LOCAL=${LOCAL:-127.0.0.1}
            CALLER_PORT=${CALLER_PORT:-5071}
            CALL_ID=${CALL_ID:-to-sipp-$$}
            TERM=${TERM:-xterm}
            export TERM
            targets=""
            trap 'for target in $targets; do kill "$target" 2>/dev/null || true; done' EXIT

            """.ReplaceLineEndings("\n"));
        foreach (var endpoint in endpoints)
        {
            script.Append(string.Create(CultureInfo.InvariantCulture, $$"""

                # What stands behind the endpoint {{Shown(endpoint.Name)}}.
                sipp -sf target-{{endpoint.FileName}}.xml -i "$LOCAL" -p "${{{endpoint.Variable}}:-{{endpoint.Port}}}" -mi "$LOCAL" -t {{TransportOf(endpoint)}} -m {{endpoint.Attempts.Count}} -nostdin \
                  -timeout {{limit}} -timeout_error -trace_err -error_file target-{{endpoint.FileName}}.errors >/dev/null 2>&1 &
                targets="$targets $!"

                """).ReplaceLineEndings("\n"));
        }
        if (endpoints.Count > 0)
            script.Append("\n# Until the targets listen.\nsleep 1\n");
        script.Append(string.Create(CultureInfo.InvariantCulture, $$"""

            status=0
            sipp "$SERVICE" -sf caller.xml -i "$LOCAL" -p "$CALLER_PORT" -mi "$LOCAL" -t {{transport}} -m 1 -nostdin -cid_str "$CALL_ID" \
              -timeout {{limit}} -timeout_error -trace_err -error_file caller.errors >/dev/null 2>&1 || status=$?
            for target in $targets; do
              wait "$target" || status=$?
            done
            targets=""
            if [ "$status" -ne 0 ]; then
              cat ./*.errors >&2 2>/dev/null || true
              echo "The call did not go as it was recorded; SIPp ended with $status." >&2
              exit 1
            fi
            echo "The call went as it was recorded. Its events: eventcalls calls show $CALL_ID --json"

            """).ReplaceLineEndings("\n"));
        return script.ToString();
    }

    /// <summary><c>README.md</c>.</summary>
    public static string ReadmeOf(Recording recording, IReadOnlyList<SippEndpoint> endpoints, bool hasLogic)
    {
        var started = recording.Started;
        var text = new StringBuilder(
            $"""
            # A recorded call, to be played again

            Call `{started.CallId:D}`, recorded at {started.OccurredAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} on the trunk `{Shown(started.Trunk)}`.

            | file | is |
            |---|---|
            | `caller.xml` | the caller's side for SIPp: the recorded INVITE with its headers, its answers to REFERs, its end |
            | `target-*.xml` | what each outbound endpoint did with the attempts that reached it, in order |
            | `expected-events.json` | the events to expect in the new call's stream: types in order, with what does not depend on time, ids and addresses |
            | `logic/` | the routing logic that decided, where it is kept |
            | `run.sh` | plays all of it once |

            Start a service that has the call's trunk and endpoints, then run `./run.sh` (it needs `sipp`, 3.6 or later):

            ```
            eventcalls run \
              --EventCalls:Sip:Listen:0={(started.Transport == "udp" ? "udp" : "tcp")}:127.0.0.1:5060 \
              --EventCalls:Trunks:{Shown(started.Trunk)}:From:0=127.0.0.0/8 \

            """.ReplaceLineEndings("\n"));
        foreach (var endpoint in endpoints.Where(e => e.IsNamed))
            text.Append(CultureInfo.InvariantCulture, $"  --EventCalls:Trunks:{Shown(endpoint.Name)}:To:0=\"sip:127.0.0.1:{endpoint.Port};transport={(TransportOf(endpoint) == "u1" ? "udp" : "tcp")}\" \\\n");
        text.Append(hasLogic ? "  --EventCalls:Routing:Logic=logic\n```\n" : "  --EventCalls:Routing:Logic=DIR\n```\n");
        text.Append(
            """

            | variable | sets | else |
            |---|---|---|
            | `SERVICE` | where the service takes SIP | `127.0.0.1:5060` |
            | `LOCAL` | the address SIPp uses | `127.0.0.1` |
            | `CALLER_PORT` | the caller's port | `5071` |
            | `CALL_ID` | the SIP Call-ID of the new call, by which `eventcalls calls show` finds it | one of its own |

            """.ReplaceLineEndings("\n"));
        foreach (var endpoint in endpoints)
            text.Append(CultureInfo.InvariantCulture, $"| `{endpoint.Variable}` | the port behind the endpoint `{Shown(endpoint.Name)}` | `{endpoint.Port}` |\n");
        text.Append("\nPauses are as long as they were. Credentials are not recorded, and so not sent.\n");
        foreach (string note in NotesOf(recording, endpoints))
            text.Append("\n").Append(note).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> NotesOf(Recording recording, IReadOnlyList<SippEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(e => !e.IsNamed))
            yield return $"The logic dialled `{Shown(endpoint.Name)}` itself, without an endpoint: the service calls that address, so SIPp has to run there.";
        foreach (var attempt in recording.Attempts.Where(a => a.Started.Method == Contracts.HandoffMethod.Invite && !SippEndpoint.IsReached(a)))
            yield return $"Attempt {attempt.Started.Attempt} to `{Shown(attempt.Started.Target)}` reached nobody ({Shown(attempt.Evidence?.ReasonPhrase ?? "")}); SIPp stands in for nobody there, and its endpoint has to be unreachable again.";
        if (recording.Lookups.Count > 0)
            yield return "The logic made look-ups; the service needs the same tables (`EventCalls:Routing:Lookups`).";
        if (recording.Ended is { } ended && Recording.IsBreakdown(ended.Cause))
            yield return "The call broke down on our side or in the network. That does not happen again: the caller hangs up at that time.";
    }

    private static long LimitOf(Recording recording) =>
        recording.Since(recording.Events[^1].OccurredAt) / 1000 + SpareSeconds;

    private static string TransportOf(SippEndpoint endpoint) =>
        endpoint.Attempts[0].Started.Target.Contains("transport=tcp", StringComparison.OrdinalIgnoreCase) ? "t1" : "u1";

    // Names come from a configuration, addresses from SIP: neither may end a comment or a code span.
    private static string Shown(string text) => string.Concat(PlainText.Of(text).Select(c => c is '`' or '\\' or '"' or '$' ? '?' : c));
}
