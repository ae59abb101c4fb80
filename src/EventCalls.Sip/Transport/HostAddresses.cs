using System.Net;
using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>The addresses of host names, for a whole node: who asks for the same name waits for the same look-up, and what was found or not is kept for a while.</summary>
/// <remarks>
/// While the name servers are away the addresses last found go on being used, for an hour, and they are asked no more often than every five seconds for a name
/// (RFC 8767, RFC 2308). Addresses only: SRV and NAPTR are not read. Safe from any thread.
/// </remarks>
public sealed class HostAddresses(Func<string, Task<IPAddress[]>> lookUp, TimeProvider time, ILogger logger)
{
    private const int MostKept = 1_024;

    /// <summary>How long what was found is used without asking again.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>How long a failure is kept.</summary>
    public static readonly TimeSpan Failed = TimeSpan.FromSeconds(5);

    /// <summary>How long what was found is used when asking again fails.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromHours(1);

    /// <summary>How long who asks waits for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Called with a name and its addresses whenever they were found; from any thread.</summary>
    public Action<string, IPAddress[]>? Found { get; set; }

    /// <summary>What is known without waiting: false when it must be asked; no addresses when asking has just failed.</summary>
    public bool TryGet(string host, out IPAddress[] addresses)
    {
        lock (_lock)
        {
            addresses = [];
            return _hosts.TryGetValue(host, out var known) && TryGet(known, out addresses);
        }
    }

    /// <summary>The addresses of a name; none when it has none, or nobody answers in time.</summary>
    public async Task<IPAddress[]> ResolveAsync(string host)
    {
        Host known;
        Task<IPAddress[]> looking;
        lock (_lock)
        {
            known = Of(host);
            if (TryGet(known, out var addresses))
                return addresses;
            looking = known.Looking ?? LookAsync(host, known);
            if (!looking.IsCompleted)
                known.Looking = looking;
        }
        try
        {
            return await looking.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Fail(host, known, "no answer in time");
        }
    }

    /// <summary>Keeps addresses that were found elsewhere.</summary>
    public void Keep(string host, IPAddress[] addresses)
    {
        if (addresses.Length == 0)
            return;
        lock (_lock)
            Of(host).Keep(addresses, time.GetTimestamp());
        Found?.Invoke(host, addresses);
    }

    private bool TryGet(Host known, out IPAddress[] addresses)
    {
        bool isFresh = known.FoundAt is { } at && time.GetElapsedTime(at) < Fresh;
        addresses = isFresh ? known.Addresses : StaleOf(known);
        return isFresh
            // Whoever has heard already that nobody answers does not wait for it again.
            || (known.FailedAt is { } failed && (time.GetElapsedTime(failed) < Failed || (known.Looking is not null && addresses.Length > 0)));
    }

    private IPAddress[] StaleOf(Host known) => known.FoundAt is { } at && time.GetElapsedTime(at) < Stale ? known.Addresses : [];

    private async Task<IPAddress[]> LookAsync(string host, Host known)
    {
        try
        {
            var found = await lookUp(host).ConfigureAwait(false);
            End(known);
            if (found.Length == 0)
                return Fail(host, known, "the name has no address");
            Keep(host, found);
            return found;
        }
        catch (Exception e)
        {
            End(known);
            return Fail(host, known, e.Message);
        }
    }

    // Under the lock, so that it cannot come before the look-up is noted as being under way.
    private void End(Host known)
    {
        lock (_lock)
            known.Looking = null;
    }

    private IPAddress[] Fail(string host, Host known, string why)
    {
        IPAddress[] stale;
        bool say;
        lock (_lock)
        {
            known.FailedAt = time.GetTimestamp();
            stale = StaleOf(known);
            say = known.SaidAt is not { } said || time.GetElapsedTime(said) >= s_silence;
            if (say)
                known.SaidAt = known.FailedAt;
        }
        if (say && stale.Length == 0)
            logger.LogWarning("The host {Host} could not be resolved: {Reason}", host, why);
        else if (say)
            logger.LogWarning("The host {Host} could not be resolved: {Reason}; its addresses of before are used", host, why);
        return stale;
    }

    private Host Of(string host)
    {
        if (_hosts.TryGetValue(host, out var known))
            return known;
        if (_hosts.Count >= MostKept)
        {
            foreach (var (name, old) in _hosts)
            {
                if (old.Looking is null)
                    _hosts.Remove(name);
            }
        }
        _hosts.Add(host, known = new Host());
        return known;
    }

    private sealed class Host
    {
        public IPAddress[] Addresses { get; private set; } = [];

        public long? FoundAt { get; private set; }

        public long? FailedAt { get; set; }

        public long? SaidAt { get; set; }

        /// <summary>The look-up under way; null when there is none.</summary>
        public Task<IPAddress[]>? Looking { get; set; }

        public void Keep(IPAddress[] addresses, long at)
        {
            Addresses = addresses;
            FoundAt = at;
            FailedAt = SaidAt = null;
        }
    }
}
