using RabbitMQ.Client;

namespace EventCalls.Bus.Topology;

/// <summary>A connection to the broker beside that of the bus: what is declared, claimed or looked at has its own.</summary>
internal static class BrokerConnection
{
    /// <summary>An exchange that nothing is bound to, to see whether what is published is confirmed; among those that every role has the right to.</summary>
    public const string ProbeExchange = "EventCalls.Contracts:BrokerProbe";

    /// <summary>Opens a connection of its own to the broker; throws RabbitMQ.Client's exceptions when there is none.</summary>
    public static Task<IConnection> OpenAsync(BusOptions options, CancellationToken cancellationToken, string name = "eventcalls declares", TimeSpan? heartbeat = null)
    {
        var address = options.RabbitMq!;
        var (user, password) = Credentials(address);
        var path = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/'));
        var factory = new ConnectionFactory
        {
            HostName = address.Host,
            Port = address.Port > 0 ? address.Port : AmqpTcpEndpoint.UseDefaultPort,
            VirtualHost = path.Length == 0 ? "/" : path,
            UserName = user,
            Password = password,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = heartbeat ?? ConnectionFactory.DefaultHeartbeat,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        };
        if (address.Scheme is "amqps" or "rabbitmqs")
            factory.Ssl = new SslOption(address.Host) { Enabled = true };
        return factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>User and password of an AMQP address; guest where it has none.</summary>
    internal static (string User, string Password) Credentials(Uri address)
    {
        var parts = address.UserInfo.Split(':', 2);
        return parts[0].Length == 0
            ? ("guest", "guest")
            : (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
