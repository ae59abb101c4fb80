using System.Net;

namespace EventCalls.Import.Captures;

/// <summary>An address and a port as a value.</summary>
internal readonly record struct NetEndPoint(NetAddress Address, ushort Port)
{
    /// <summary>The platform's form.</summary>
    public IPEndPoint ToIPEndPoint() => new(Address.ToIPAddress(), Port);

    /// <inheritdoc />
    public override string ToString() => ToIPEndPoint().ToString();
}
