using System.Globalization;
using System.Net;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Makes the sender of copies of what is configured.</summary>
internal static class HepSetup
{
    /// <summary>The sender; null when nothing is copied.</summary>
    /// <exception cref="TelephonyOptionsException">A value cannot be used.</exception>
    public static HepSender? Of(TelephonyOptions options, TrunkTable trunks, TimeProvider time, ILogger logger) =>
        Target(options.Hep) is { } target ? new HepSender(target, (uint)options.Hep.AgentId, options.Hep.Password, trunks.TokenHeaders, time, logger) : null;

    /// <summary>The collector; null when there is none.</summary>
    /// <exception cref="TelephonyOptionsException">A value cannot be used.</exception>
    public static IPEndPoint? Target(HepOptions options)
    {
        if (options.AgentId is < 0 or > uint.MaxValue)
            throw new TelephonyOptionsException("Hep:AgentId", options.AgentId.ToString(CultureInfo.InvariantCulture), "expected a number from 0 to 4294967295");
        // A packet has the password beside the message, and has to have room for both.
        if (options.Password is { Length: > 256 })
            throw new TelephonyOptionsException("Hep:Password", "…", "expected at most 256 characters");
        if (options.Target is not { } text)
            return null;
        return ListenPoint.TryParse(text, out var point) && point is { Protocol: TransportProtocol.Udp, AdvertisedHost: null, EndPoint.Port: > 0 } && !IPAddress.Any.Equals(point.EndPoint.Address) && !IPAddress.IPv6Any.Equals(point.EndPoint.Address)
            ? point.EndPoint
            : throw new TelephonyOptionsException("Hep:Target", text, "expected udp:ADDRESS:PORT, such as udp:127.0.0.1:9060");
    }
}
