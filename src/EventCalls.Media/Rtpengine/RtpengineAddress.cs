using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace EventCalls.Media.Rtpengine;

/// <summary>Where an rtpengine listens for its NG protocol.</summary>
public static class RtpengineAddress
{
    /// <summary>Reads <c>udp:ADDRESS:PORT</c>, also with <c>//</c> before the address; false when it is none. A host name is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? address)
    {
        address = null;
        if (!text.StartsWith("udp:", StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = text.AsSpan(4);
        if (rest.StartsWith("//"))
            rest = rest[2..];
        int colon = rest.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 && IPEndPoint.TryParse(rest, out address) && address.Port == port;
    }

    internal static string Write(IPEndPoint address) => $"udp://{address}";
}
