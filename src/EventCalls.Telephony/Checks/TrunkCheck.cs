using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Contracts.Findings;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Telephony.Checks;

/// <summary>Whether calls can come in on a trunk, and whether the hosts of the trunks' URIs have addresses.</summary>
public static class TrunkCheck
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the trunks and asks for the addresses of their hosts, for 5 s at most.</summary>
    /// <param name="trunks">The trunks.</param>
    /// <param name="areSamples">Whether nobody configured them.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<TrunkOptions> trunks, bool areSamples, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(trunks);
        if (areSamples)
            return [Finding.Warning("trunks", "No trunk is configured: calls of this machine alone are taken, and go out to 127.0.0.1:5080.", "Name who may call in, EventCalls:Trunks:carrier:From:0 = 192.0.2.0/24, and where calls go out, EventCalls:Trunks:pstn:To:0 = sip:192.0.2.1:5060.")];
        var findings = new List<Finding>();
        if (!trunks.Any(t => t.From.Count > 0 || Proves(t) is not null))
            findings.Add(Finding.Warning("trunks", "No trunk has From: no call is taken.", "Name the networks that call in: EventCalls:Trunks:NAME:From:0 = 192.0.2.0/24."));
        if (!trunks.Any(t => t.To.Count > 0))
            findings.Add(Finding.Warning("trunks", "No trunk has To: calls cannot be bridged to numbers, only referred or to whole URIs.", "Name where calls go out: EventCalls:Trunks:NAME:To:0 = sip:192.0.2.1:5060."));
        // Names that nobody answers for take their time; all are asked at once.
        var resolved = trunks.Select(t => t.To.Select(uri => ResolveAsync(t.Name, uri, ct)).ToArray()).ToArray();
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

    private static async Task<Finding> ResolveAsync(string trunk, string uri, CancellationToken ct)
    {
        if (HostOf(uri) is not { } host)
            return Finding.Failed("trunk", $"{trunk}: '{uri}' is no SIP URI.", $"Expected such as sip:192.0.2.1:5060;transport=udp in EventCalls:Trunks:{trunk}:To.", FindingFault.Configuration);
        if (IPAddress.TryParse(host, out _))
            return Finding.Ok("trunk", $"{trunk}: calls go out to {uri}.");
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(s_longest);
            var addresses = await Dns.GetHostAddressesAsync(host, deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
            if (addresses.Length > 0)
                return Finding.Ok("trunk", $"{trunk}: calls go out to {uri}, {string.Join(", ", addresses.Select(a => a.ToString()))}.");
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // Said below: for the user an error and an empty answer are the same.
        }
        return Finding.Unreachable("trunk", $"{trunk}: the host {host} of {uri} has no address.", $"Correct the host in EventCalls:Trunks:{trunk}:To, or the name service.");
    }

    private static string? HostOf(string uri)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(uri), out var parsed))
            return null;
        // maddr says where to send whatever the host says (RFC 3261 §19.1.1).
        var next = parsed.TryGetParameter("maddr"u8, out var maddr) && !maddr.IsEmpty ? maddr : parsed.Host;
        return SipText.Get(next).Trim('[', ']');
    }
}
