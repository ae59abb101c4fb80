using System.Net;

namespace EventCalls.Sip.Resolving;

/// <summary>What is asked of a name.</summary>
public enum DnsKind
{
    /// <summary>Its IPv4 addresses.</summary>
    A,

    /// <summary>Its IPv6 addresses.</summary>
    Aaaa,

    /// <summary>The servers of a service (RFC 2782).</summary>
    Srv,

    /// <summary>The services of a domain (RFC 3403).</summary>
    Naptr,
}

/// <summary>A question to name servers.</summary>
/// <param name="Name">The name, in small letters and without the last dot, as <see cref="Of"/> makes it.</param>
/// <param name="Kind">What is asked.</param>
public readonly record struct DnsQuestion(string Name, DnsKind Kind)
{
    /// <summary>A question for a name as written anywhere: names differ neither by case nor by a dot at the end.</summary>
    public static DnsQuestion Of(string name, DnsKind kind) => new(name.TrimEnd('.').ToLowerInvariant(), kind);

    /// <inheritdoc />
    public override string ToString() => $"{Kind.ToString().ToUpperInvariant()} of {Name}";
}

/// <summary>A service of a domain (RFC 3403 §4.1).</summary>
public sealed record NaptrRecord(int Order, int Preference, string Flags, string Service, string Replacement);

/// <summary>A server of a service (RFC 2782).</summary>
/// <param name="Priority">The lowest is tried first.</param>
/// <param name="Weight">How large its share is among those of the same priority.</param>
/// <param name="Port">Its port.</param>
/// <param name="Target">Its name; empty, which is written as a dot: the service is not offered.</param>
public sealed record SrvRecord(int Priority, int Weight, int Port, string Target);

/// <summary>How a question ended.</summary>
public enum DnsStatus
{
    /// <summary>There are records.</summary>
    Found,

    /// <summary>There are none, and that is known.</summary>
    None,

    /// <summary>A name server could not answer.</summary>
    Failed,

    /// <summary>No name server answered in time.</summary>
    Silent,
}

/// <summary>What came of a question.</summary>
public sealed record DnsAnswer
{
    /// <summary>How it ended.</summary>
    public required DnsStatus Status { get; init; }

    /// <summary>What was said where nothing was found, for people: <c>no such name</c>, <c>no answer of 192.0.2.53:53</c>.</summary>
    public string Said { get; init; } = "";

    /// <summary>How long it may be used, seconds; null where nobody said.</summary>
    public int? Ttl { get; init; }

    /// <summary>The addresses, best first.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The servers.</summary>
    public IReadOnlyList<SrvRecord> Servers { get; init; } = [];

    /// <summary>The services.</summary>
    public IReadOnlyList<NaptrRecord> Services { get; init; } = [];

    /// <summary>The name that has the records, where the answer leads to it by CNAME and does not have them itself; null otherwise.</summary>
    public string? Alias { get; init; }

    /// <summary>There is nothing, and that is known.</summary>
    public static DnsAnswer None(string said, int? ttl = null) => new() { Status = DnsStatus.None, Said = said, Ttl = ttl };

    /// <summary>Nobody knows.</summary>
    public static DnsAnswer Failed(string said) => new() { Status = DnsStatus.Failed, Said = said };

    /// <summary>Nobody answered.</summary>
    public static DnsAnswer Silent(string said) => new() { Status = DnsStatus.Silent, Said = said };
}
