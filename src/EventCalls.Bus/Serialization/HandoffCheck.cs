using System.Security.Cryptography;
using System.Text;

namespace EventCalls.Bus.Serialization;

/// <summary>The check on a handoff or a command on the bus: HMAC-SHA256 over its bytes with a key that routers, ingresses and who gives commands share, so that the right to publish alone moves no call.</summary>
internal sealed class HandoffCheck
{
    /// <summary>The message header that holds it.</summary>
    public const string Header = "EC-Check";

    private const string Version = "1:";
    private const int MacLength = HMACSHA256.HashSizeInBytes;

    private readonly byte[][] _keys;

    private HandoffCheck(IEnumerable<string> keys) => _keys = [.. keys.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The check as configured; null when handoffs are not checked.</summary>
    public static HandoffCheck? Of(BusOptions options) =>
        options.HandoffKey is null ? null : new HandoffCheck(new[] { options.HandoffKey, options.HandoffKeyAccepted }.OfType<string>());

    /// <summary>The header's value for a message.</summary>
    public string Sign(ReadOnlySpan<byte> body)
    {
        Span<byte> mac = stackalloc byte[MacLength];
        HMACSHA256.HashData(_keys[0], body, mac);
        return Version + Convert.ToBase64String(mac);
    }

    /// <summary>Whether the header was made from these bytes with one of the keys; takes as long whatever is wrong with it.</summary>
    public bool IsRight(ReadOnlySpan<byte> body, string? header)
    {
        Span<byte> given = stackalloc byte[MacLength];
        if (header is null || !header.StartsWith(Version, StringComparison.Ordinal)
            || !Convert.TryFromBase64Chars(header.AsSpan(Version.Length), given, out int length) || length != MacLength)
        {
            return false;
        }
        Span<byte> mac = stackalloc byte[MacLength];
        bool isRight = false;
        foreach (byte[] key in _keys)
        {
            HMACSHA256.HashData(key, body, mac);
            isRight |= CryptographicOperations.FixedTimeEquals(mac, given);
        }
        return isRight;
    }
}
