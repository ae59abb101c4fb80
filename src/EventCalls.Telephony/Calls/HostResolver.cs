using System.Net;
using EventCalls.Sip.Transport;

namespace EventCalls.Telephony.Calls;

/// <summary>A shard's way to the addresses of host names: at once when they are known, and else by a question that comes back as work.</summary>
/// <remarks>The system's resolver gives addresses only: a URI without port means 5060, SRV records are not read.</remarks>
internal sealed class HostResolver(HostAddresses hosts, Action<ShardWork> post)
{
    /// <summary>Answers at once what is known, and else when it is found; on the shard's thread.</summary>
    public void Resolve(string host, HostResolution question)
    {
        if (hosts.TryGet(host, out var known))
            question.Answer(known);
        else
            _ = AskAsync(host, question);
    }

    /// <summary>Keeps what was found elsewhere.</summary>
    internal void Keep(string host, IPAddress[] addresses) => hosts.Keep(host, addresses);

    private async Task AskAsync(string host, HostResolution question)
    {
        question.Found = await hosts.ResolveAsync(host).ConfigureAwait(false);
        post(question);
    }
}
