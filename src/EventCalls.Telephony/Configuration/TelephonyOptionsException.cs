namespace EventCalls.Telephony.Configuration;

/// <summary>A configured value that cannot be used: its key, the value, and what would be right.</summary>
public sealed class TelephonyOptionsException(string key, string? value, string expected)
    : Exception($"{key} is '{value}'; {expected}")
{
    /// <summary>The key below the <c>EventCalls</c> section, such as <c>Trunks:carrier:From:0</c>.</summary>
    public string Key { get; } = key;

    /// <summary>The value found; null when it is missing.</summary>
    public string? Value { get; } = value;

    /// <summary>What would be right, as a clause: <c>expected an address or a network such as 192.0.2.0/24</c>.</summary>
    public string Expected { get; } = expected;
}
