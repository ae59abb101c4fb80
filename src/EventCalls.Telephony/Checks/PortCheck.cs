using System.Net;
using System.Net.Sockets;
using EventCalls.Contracts.Findings;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;

namespace EventCalls.Telephony.Checks;

/// <summary>Whether the ports that the service listens on are free, or who has them.</summary>
public static class PortCheck
{
    private const string Service = "eventcalls";

    /// <summary>A SIP listening point as configured.</summary>
    public static Finding OfSip(string listen) => ListenPoint.TryParse(listen, out var point)
        ? Run("sip", listen, point!.EndPoint, isTcp: point.Protocol != TransportProtocol.Udp, "EventCalls:Sip:Listen")
        : Finding.Failed("sip", $"'{listen}' is no listening point.", "Expected udp:ADDRESS:PORT or tcp:ADDRESS:PORT in EventCalls:Sip:Listen.", FindingFault.Configuration);

    /// <summary>Where HTTP listens as configured.</summary>
    public static Finding OfHttp(Uri listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var address = IPAddress.TryParse(listen.Host.Trim('[', ']'), out var given) ? given : IPAddress.Loopback;
        return Run("http", listen.GetLeftPart(UriPartial.Authority), new IPEndPoint(address, listen.Port), isTcp: true, "EventCalls:Http:Listen");
    }

    private static Finding Run(string check, string shown, IPEndPoint endPoint, bool isTcp, string key)
    {
        if (endPoint.Port == 0)
            return Finding.Ok(check, $"{shown}: takes a free port.");
        try
        {
            using var socket = isTcp
                ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(endPoint);
            if (isTcp)
                socket.Listen(1);
            return Finding.Ok(check, $"{shown}: free.");
        }
        catch (SocketException e)
        {
            return Explain(check, shown, endPoint, isTcp, key, e);
        }
    }

    private static Finding Explain(string check, string shown, IPEndPoint endPoint, bool isTcp, string key, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => InUse(check, shown, PortHolder.Find(endPoint.Port, isTcp), key),
        SocketError.AddressNotAvailable => Finding.Unreachable(check, $"{shown}: this machine has no such address.", $"Name an address of this machine in {key}, or 0.0.0.0 for all."),
        SocketError.AccessDenied => Finding.Unreachable(check, $"{shown}: this user may not use the port.", $"Ports below 1024 need rights; name a higher one in {key}."),
        _ => Finding.Unreachable(check, $"{shown}: cannot be used: {e.Message}.", $"Name another address and port in {key}."),
    };

    private static Finding InUse(string check, string shown, PortHolder? holder, string key) => holder switch
    {
        { Name: Service } => Finding.Ok(check, $"{shown}: in use by {Service} itself, process {holder.ProcessId}; the service is running."),
        not null => Finding.Unreachable(check, $"{shown}: in use by {holder.Name}, process {holder.ProcessId}.", $"End that process, or name another port in {key}."),
        null => Finding.Unreachable(check, $"{shown}: in use by a process that this user may not see.", $"Ask as root who it is, or name another port in {key}."),
    };
}
