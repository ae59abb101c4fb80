using System.Net;
using System.Net.Sockets;

namespace EventCalls.Console.Security;

/// <summary>Counts wrong keys by where they come from; who sends too many is told to wait.</summary>
/// <remarks>It keeps the log and the processor free. A key of 256 random bits is not found by trying, so a right one is taken from a source that waits too: whoever shares an address with an attacker is not locked out.</remarks>
internal sealed class FailedKeys(TimeProvider time)
{
    private const int Most = 10;
    private const int MostSources = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, (DateTimeOffset Since, int Count)> _failed = [];

    /// <summary>Counts one; how long its source has to wait, or null when it may go on.</summary>
    public TimeSpan? Count(IPAddress? source)
    {
        var now = time.GetUtcNow();
        var key = Network(source ?? IPAddress.None);
        lock (_failed)
        {
            if (_failed.Count >= MostSources)
                Forget(now);
            var (since, count) = _failed.TryGetValue(key, out var known) && now - known.Since < s_window ? known : (now, 0);
            _failed[key] = (since, count + 1);
            return count >= Most ? since + s_window - now : null;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (source, (since, _)) in _failed.ToList())
        {
            if (now - since >= s_window)
                _failed.Remove(source);
        }
        if (_failed.Count >= MostSources)
            _failed.Clear();
    }

    // Who has one address of IPv6 has the whole /64.
    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
