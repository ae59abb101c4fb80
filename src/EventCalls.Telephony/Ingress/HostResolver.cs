using System.Net;
using System.Net.Sockets;
using EventCalls.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony;

/// <summary>Looks host names up off the shard, and keeps the answers for a short while so that a busy endpoint costs no look-up per call.</summary>
/// <remarks>The system's resolver gives addresses only: a URI without port means 5060, SRV records are not read.</remarks>
internal sealed class HostResolver(
    Func<string, CancellationToken, Task<IPAddress[]>> lookUp, Func<long> now, Action<ShardWork> post, ILogger logger)
{
    private const int MostKept = 1024;
    private const long KeptMs = 30_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (long At, IPAddress[] Addresses)> _kept = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers at once what is known, and else when it is found; on the shard's thread.</summary>
    public void Resolve(string host, HostResolution question)
    {
        if (_kept.TryGetValue(host, out var known) && now() - known.At < KeptMs)
        {
            question.Answer(known.Addresses);
            return;
        }
        question.Origin = (this, host);
        _ = LookUpAsync(host, question);
    }

    /// <summary>Keeps what was found.</summary>
    internal void Keep(string host, IPAddress[] addresses)
    {
        if (addresses.Length == 0)
            return;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        _kept[host] = (now(), addresses);
    }

    private async Task LookUpAsync(string host, HostResolution question)
    {
        try
        {
            // The deadline also covers resolvers that do not look at the token.
            using var deadline = new CancellationTokenSource(s_longest);
            question.Found = await Task.Run(() => lookUp(host, deadline.Token), deadline.Token).WaitAsync(s_longest).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or TimeoutException or ArgumentException)
        {
            logger.LogWarning("The host {Host} could not be resolved: {Reason}", host, e.Message);
        }
        catch (Exception e)
        {
            logger.LogError(e, "The host {Host} could not be resolved", host);
        }
        post(question);
    }
}
