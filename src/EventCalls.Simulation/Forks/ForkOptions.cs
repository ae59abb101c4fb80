using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Simulation.Peers;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Simulation.Forks;

/// <summary>Configures the virtual node as the node was when the call was recorded, as far as the stream shows it, and else as it is configured now.</summary>
public static class ForkOptions
{
    /// <summary>Where the virtual node is: addresses that are kept for examples (RFC 5737, RFC 3849).</summary>
    public static IPEndPoint NodeFor(IPEndPoint caller) => caller.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
        ? new IPEndPoint(IPAddress.Parse("2001:db8::e:c"), 5060)
        : new IPEndPoint(IPAddress.Parse("198.51.100.1"), 5060);

    /// <summary>Where the recorded INVITE came from.</summary>
    public static IPEndPoint CallerOf(CallStarted started) =>
        IPEndPoint.TryParse(started.RemoteEndPoint, out var caller) && caller.Port > 0 ? caller : new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060);

    /// <summary>The node's configuration.</summary>
    /// <param name="recording">The call.</param>
    /// <param name="settings">What is configured now.</param>
    /// <param name="assumed">Endpoints that are not configured, and are taken to be there.</param>
    public static TelephonyOptions For(Recording recording, ForkSettings settings, IReadOnlyCollection<string> assumed)
    {
        var now = settings.Telephony;
        var options = now with
        {
            Node = recording.Started.Node,
            Trunks = Trunks(recording, settings, assumed),
            Targets = Targets(recording, settings, a => a.Started is { Method: HandoffMethod.Invite }, settings.Telephony.Targets),
            ReferTargets = settings.Telephony.ReferTargets is { } named
                ? Targets(recording, settings, a => a.Started is { Method: HandoffMethod.Refer or HandoffMethod.Redirect }, named)
                : null,
            Shards = 1,
            DeadlineMs = DeadlineOf(recording, now),
            Answer = AnswerOf(recording, now),
        };
        foreach (var attempt in recording.Attempts)
            options = Adjusted(options, recording, attempt);
        if (recording.Events.OfType<RoutingTimedOut>().FirstOrDefault() is { } timedOut
            && recording.Events.OfType<HandoffRequested>().FirstOrDefault(h => h.CausationId == timedOut.EventId) is { } taken)
            options = options with { DefaultSteps = taken.Steps };
        return options;
    }

    private static int DeadlineOf(Recording recording, TelephonyOptions now)
    {
        if (recording.Events.OfType<RoutingTimedOut>().FirstOrDefault() is { } timedOut)
            return timedOut.DeadlineMs;
        // A decision that was in time then is so here, whatever the deadline is today.
        return (int)Math.Min(600_000, Math.Max(now.DeadlineMs, recording.Requests.Select(r => r.TookMs + 1).DefaultIfEmpty(0).Max()));
    }

    private static AnswerMode AnswerOf(Recording recording, TelephonyOptions now) => recording.Events.Skip(1).FirstOrDefault() switch
    {
        CallAnswered { Leg: "caller", HandoffId: null } => AnswerMode.Immediately,
        null => now.Answer,
        _ when recording.Events.OfType<CallAnswered>().Any(a => a.Leg == "caller" && a.HandoffId is null) => AnswerMode.Immediately,
        _ when recording.Attempts.Count > 0 => AnswerMode.OnHandoff,
        _ => now.Answer,
    };

    private static TelephonyOptions Adjusted(TelephonyOptions options, Recording recording, RecordedAttempt attempt)
    {
        if (attempt is not { Evidence: { } evidence, DecidedAtMs: { } decided })
            return options;
        var step = recording.Events.OfType<HandoffRequested>().FirstOrDefault(h => h.HandoffId == attempt.Started.HandoffId)?.Steps
            .FirstOrDefault(s => s.Method == attempt.Started.Method);
        int seconds = (int)Math.Clamp(Math.Round(decided / 1000.0), 1, 600);
        if (evidence.Here() == LocalEvidence.RingTimeout && step?.RingTimeoutSeconds is null)
            return options with { RingTimeoutSeconds = seconds };
        if (evidence.Here() == LocalEvidence.NotHeard)
        {
            // Given up for what came next, or at the ring timeout: whichever is nearer to what is configured.
            return step?.RingTimeoutSeconds is null && decided >= 1000L * options.RingTimeoutSeconds - 500
                ? options with { RingTimeoutSeconds = seconds }
                : options with { NoResponseTimeoutMs = (int)Math.Clamp(decided, 100, 600_000) };
        }
        if (evidence.Here() == LocalEvidence.NoFinalNotify && step?.NotifyTimeoutSeconds is null)
            return options with { NotifyTimeoutSeconds = seconds };
        if (evidence.Here() == LocalEvidence.ByeBeforeFinalNotify)
        {
            long heard = attempt.Progress.Count > 0 ? attempt.Progress[^1].AtMs : 0;
            return options with { NotifyGraceMs = (int)Math.Clamp(decided - heard, 1, options.NotifyGraceMs) };
        }
        if (attempt is { IsCompleted: true, HeldMs: { } held, Started.Method: HandoffMethod.Refer } && recording.Ended is { EndedBy: CallParty.System })
            return options with { ReferHangUpMs = (int)Math.Clamp(held, 1, 600_000) };
        return options;
    }

    private static List<TrunkOptions> Trunks(Recording recording, ForkSettings settings, IReadOnlyCollection<string> assumed)
    {
        var caller = CallerOf(recording.Started).Address;
        var configured = settings.IsWithoutTrunks ? [] : settings.Telephony.Trunks;
        var trunks = new Dictionary<string, TrunkOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var trunk in configured.Where(t => t.To.Count > 0))
            trunks[trunk.Name] = Dialled(Admitted(trunk), recording);
        foreach (var used in recording.Attempts.Where(IsSent).GroupBy(a => a.Started.Trunk!, StringComparer.OrdinalIgnoreCase))
        {
            var seen = used.Select(a => AddressOf(a.Started.Target)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            bool isConfigured = trunks.TryGetValue(used.Key, out var known);
            if (seen.Count > 0 && !(isConfigured && seen.All(s => known!.To.Any(to => AddressOf(to) == s))))
                trunks[used.Key] = (known ?? new TrunkOptions { Name = used.Key }) with { To = seen };
        }
        int i = 0;
        foreach (string name in assumed)
            trunks.TryAdd(name, new TrunkOptions { Name = name, To = [$"sip:192.0.2.{101 + (i++ % 100)}:5060"] });
        var inbound = trunks.TryGetValue(recording.Started.Trunk, out var both) ? both : new TrunkOptions { Name = recording.Started.Trunk };
        trunks[recording.Started.Trunk] = inbound with { From = [caller.ToString()] };
        return [.. trunks.Values];
    }

    /// <summary>The trunk without what callers must prove today, and how many of them may be there: the recorded one was taken.</summary>
    private static TrunkOptions Admitted(TrunkOptions trunk) => trunk with
    {
        From = [],
        Digest = null,
        TokenHeader = null,
        Token = null,
        TlsNames = [],
        MaxCalls = 0,
        MaxCallsPerSecond = 0,
        RequiresIdentity = false,
    };

    /// <summary>The trunk, by way of which the very numbers may be called that were.</summary>
    private static TrunkOptions Dialled(TrunkOptions trunk, Recording recording)
    {
        if (!trunk.Targets.Any(DialTargets.IsNumberEntry))
            return trunk;
        var dialled = recording.Attempts.Where(a => a.Evidence?.Here() != LocalEvidence.TargetNotAllowed).SelectMany(a => a.Started.Target.Split(", ")).Select(DialTargets.EntryOf).OfType<string>();
        return trunk with { Targets = [.. trunk.Targets, .. dialled] };
    }

    /// <summary>The hosts and numbers that could be dialled: as configured now, but those that were dialled then could be, and those that were refused could not.</summary>
    private static List<string> Targets(Recording recording, ForkSettings settings, Func<RecordedAttempt, bool> which, IReadOnlyList<string> configured)
    {
        var refused = new List<string>();
        var dialled = new List<string>();
        var numbers = new List<string>();
        foreach (var attempt in recording.Attempts.Where(which))
        {
            bool wasRefused = attempt.Evidence is { } e && e.Here() == LocalEvidence.TargetNotAllowed;
            if (wasRefused && DialTargets.NumberOf(attempt.Evidence!.ReasonPhrase) is { } number)
            {
                numbers.Add($"!tel:{number}");
                continue;
            }
            if (!wasRefused && configured.Any(DialTargets.IsNumberEntry))
                numbers.AddRange(attempt.Started.Target.Split(", ").Select(DialTargets.EntryOf).OfType<string>());
            foreach (string uri in attempt.Started.Target.Split(", "))
            {
                if (HostOf(uri) is { Length: > 0 } host)
                    (wasRefused ? refused : dialled).Add(host);
            }
        }
        // Where no trunk is configured, such as on the machine the logic is written on, every host is taken to be allowed.
        var now = settings.IsWithoutTrunks && configured.Count == 0 && refused.Count == 0 ? ["*"] : configured;
        return [.. now.Where(entry => !refused.Any(new DialTargets("Routing:Targets", [entry]).Allows)).Concat(dialled).Concat(numbers).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static string HostOf(string uri) => SipUri.TryParse(Encoding.UTF8.GetBytes(uri), out var parsed) ? SipText.Get(parsed.Host) : "";

    private static bool IsSent(RecordedAttempt attempt) =>
        attempt.Started is { Method: HandoffMethod.Invite, Trunk: not null } && !(attempt.Evidence is { } e && PeerPlans.IsRefusedHere(e));

    /// <summary>The URI of the host that another URI leads to: <c>sip:+1222@192.0.2.7:5060;transport=tcp</c> leads to <c>sip:192.0.2.7:5060;transport=tcp</c>.</summary>
    private static string? AddressOf(string target)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(target), out var uri))
            return null;
        string host = SipText.Get(uri.Host);
        string port = uri.Port > 0 ? $":{uri.Port}" : "";
        var protocol = uri.TryGetParameter("transport"u8, out var name) && TransportNames.TryParse(name, out var named) ? named : default;
        string scheme = uri.Scheme == UriScheme.Sips ? "sips" : "sip";
        return $"{scheme}:{(uri.IsIPv6 ? $"[{host}]" : host)}{port}{protocol.UriParameter()}";
    }
}
