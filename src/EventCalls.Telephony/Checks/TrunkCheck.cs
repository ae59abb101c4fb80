using EventCalls.Contracts.Findings;
using EventCalls.Sip;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventCalls.Telephony.Checks;

/// <summary>Whether calls can come in on a trunk, and whether the hosts of the trunks' URIs have addresses.</summary>
public static class TrunkCheck
{
    /// <summary>Looks at the trunks and asks for the servers of their hosts.</summary>
    /// <param name="options">The node's options, with the trunks, where it listens, and whom to ask.</param>
    /// <param name="areSamples">Whether nobody configured the trunks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(TelephonyOptions options, bool areSamples, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (areSamples)
            return [Finding.Warning("trunks", "No trunk is configured: calls of this machine alone are taken, and go out to 127.0.0.1:5080.", "Name who may call in, EventCalls:Trunks:carrier:From:0 = 192.0.2.0/24, and where calls go out, EventCalls:Trunks:pstn:To:0 = sip:192.0.2.1:5060.")];
        var trunks = options.Trunks;
        var finder = NodeFinder.Of(options, [.. options.Listen.Select(l => ListenPoint.TryParse(l, out var point) ? point : null).OfType<ListenPoint>()], null, time, NullLogger.Instance);
        var findings = new List<Finding>();
        if (!trunks.Any(t => t.From.Count > 0 || Proves(t) is not null))
            findings.Add(Finding.Warning("trunks", "No trunk has From: no call is taken.", "Name the networks that call in: EventCalls:Trunks:NAME:From:0 = 192.0.2.0/24."));
        if (!trunks.Any(t => t.To.Count > 0))
            findings.Add(Finding.Warning("trunks", "No trunk has To: calls cannot be bridged to numbers, only referred or to whole URIs.", "Name where calls go out: EventCalls:Trunks:NAME:To:0 = sip:192.0.2.1:5060."));
        // Names that nobody answers for take their time; all are asked at once.
        var resolved = trunks.Select(t => t.To.Select(uri => ResolveAsync(finder, t.Name, uri, ct)).ToArray()).ToArray();
        for (int i = 0; i < trunks.Count; i++)
        {
            if (trunks[i].From.Count > 0)
                findings.Add(Finding.Ok("trunk", $"{trunks[i].Name}: takes calls from {string.Join(", ", trunks[i].From)}."));
            else if (Proves(trunks[i]) is { } proof)
                findings.Add(Finding.Ok("trunk", $"{trunks[i].Name}: takes calls from anywhere, by {proof}."));
            findings.AddRange(await Task.WhenAll(resolved[i]).ConfigureAwait(false));
        }
        return findings;
    }

    /// <summary>By what a trunk without networks is known; null when it is not.</summary>
    private static string? Proves(TrunkOptions trunk) =>
        trunk.TlsNames.Count > 0 ? "its certificate" : trunk.Token is not null ? "its token" : trunk.Digest is { Users.Count: > 0 } ? "its user and password" : null;

    private static async Task<Finding> ResolveAsync(ServerFinder finder, string trunk, string uri, CancellationToken ct)
    {
        if (!TrunkTarget.TryParse(uri, out var target, out string? whyNot))
            return Finding.Failed("trunk", $"{trunk}: '{uri}' cannot be used: {whyNot}.", $"Correct it in EventCalls:Trunks:{trunk}:To.", FindingFault.Configuration);
        if (target!.Address.Query is not { } query)
            return Finding.Ok("trunk", $"{trunk}: calls go out to {uri}.");
        var found = await finder.FindAsync(query).WaitAsync(ct).ConfigureAwait(false);
        return found.WhyNone is { } why
            ? Finding.Unreachable("trunk", $"{trunk}: no server of {uri} was found ({why}).", $"Correct the host in EventCalls:Trunks:{trunk}:To, the name service, or EventCalls:Sip:NameServers.")
            : Finding.Ok("trunk", $"{trunk}: calls go out to {uri}: {string.Join(", ", found.InOrder(RandomSource.Unguessable()))}.");
    }
}
