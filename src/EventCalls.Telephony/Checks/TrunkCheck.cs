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
        if (!trunks.Any(t => t.From.Count > 0 || Registers(t) || Proves(t) is not null))
            findings.Add(Finding.Warning("trunks", "No trunk has From: no call is taken.", "Name the networks that call in: EventCalls:Trunks:NAME:From:0 = 192.0.2.0/24."));
        if (!trunks.Any(t => t.To.Count > 0))
            findings.Add(Finding.Warning("trunks", "No trunk has To: calls cannot be bridged to numbers, only referred or to whole URIs.", "Name where calls go out: EventCalls:Trunks:NAME:To:0 = sip:192.0.2.1:5060."));
        // Names that nobody answers for take their time; all are asked at once.
        var resolved = trunks.Select(t => Resolved(t).Select(a => ResolveAsync(finder, t.Name, a.Key, a.Says, a.Uri, ct)).ToArray()).ToArray();
        for (int i = 0; i < trunks.Count; i++)
        {
            if (trunks[i].From.Count > 0)
                findings.Add(Finding.Ok("trunk", $"{trunks[i].Name}: takes calls from {string.Join(", ", trunks[i].From)}."));
            else if (Proves(trunks[i]) is { } proof)
                findings.Add(Finding.Ok("trunk", $"{trunks[i].Name}: takes calls from anywhere, by {proof}."));
            else if (Registers(trunks[i]))
                findings.Add(Finding.Ok("trunk", $"{trunks[i].Name}: takes calls from its registrar's servers."));
            findings.AddRange(await Task.WhenAll(resolved[i]).ConfigureAwait(false));
        }
        return findings;
    }

    /// <summary>By what a trunk without networks is known; null when it is not.</summary>
    private static string? Proves(TrunkOptions trunk) =>
        trunk.TlsNames.Count > 0 ? "its certificate" : trunk.Token is not null ? "its token" : trunk.Digest is { Users.Count: > 0 } ? "its user and password" : null;

    private static bool Registers(TrunkOptions trunk) => trunk.Register is { AddressOfRecord.Length: > 0 };

    private static IEnumerable<(string Key, string Says, string Uri)> Resolved(TrunkOptions trunk)
    {
        foreach (string uri in trunk.To)
            yield return ("To", "calls go out to", uri);
        if (Registers(trunk) && (trunk.Register!.Registrar ?? (trunk.To.Count > 0 ? trunk.To[0] : null)) is { } registrar)
            yield return (trunk.Register.Registrar is null ? "To" : "Register:Registrar", $"{trunk.Register.AddressOfRecord} is registered at", registrar);
    }

    private static async Task<Finding> ResolveAsync(ServerFinder finder, string trunk, string key, string says, string uri, CancellationToken ct)
    {
        if (!TrunkTarget.TryParse(uri, out var target, out string? whyNot))
            return Finding.Failed("trunk", $"{trunk}: '{uri}' cannot be used: {whyNot}.", $"Correct it in EventCalls:Trunks:{trunk}:{key}.", FindingFault.Configuration);
        if (target!.Address.Query is not { } query)
            return Finding.Ok("trunk", $"{trunk}: {says} {uri}.");
        var found = await finder.FindAsync(query).WaitAsync(ct).ConfigureAwait(false);
        return found.WhyNone is { } why
            ? Finding.Unreachable("trunk", $"{trunk}: no server of {uri} was found ({why}).", $"Correct the host in EventCalls:Trunks:{trunk}:{key}, the name service, or EventCalls:Sip:NameServers.")
            : Finding.Ok("trunk", $"{trunk}: {says} {uri}: {string.Join(", ", found.InOrder(RandomSource.Unguessable()))}.");
    }
}
