using System.Net;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Ingress;

namespace EventCalls.Simulation.Network;

/// <summary>Gives every host name that a played call may dial an address on the virtual network.</summary>
internal sealed class VirtualHosts
{
    private readonly Dictionary<string, IPAddress> _addresses = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes in the hosts of the trunks.</summary>
    public void Add(TelephonyOptions options)
    {
        foreach (string uri in options.Trunks.SelectMany(t => t.To))
            AddHostOf(uri);
    }

    /// <summary>Takes in the hosts of a handoff's URIs.</summary>
    public void Add(HandoffRequested handoff)
    {
        foreach (var step in handoff.Steps)
        {
            if (step.PhoneNumber is { } uri)
                AddHostOf(uri);
        }
    }

    /// <summary>Makes all of them known to the node, for a while.</summary>
    public void TellTo(DetachedNode node)
    {
        foreach (var (host, address) in _addresses)
            node.Know(host, address);
    }

    private void AddHostOf(string text)
    {
        if (!SipUri.TryParse(Encoding.UTF8.GetBytes(text), out var uri))
            return;
        string host = SipText.Get(uri.Host);
        // 203.0.113.0/24 is kept for examples (RFC 5737); one octet more than 200 names take is never needed in one call.
        if (host.Length > 0 && !IPAddress.TryParse(host, out _) && _addresses.Count < 200)
            _addresses.TryAdd(host, new IPAddress([203, 0, 113, (byte)(_addresses.Count + 1)]));
    }
}
