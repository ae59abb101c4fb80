using System.Net.Sockets;
using EventCalls.Bus.Topology;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Bus;

/// <summary>Whether a broker takes our connection; nothing is declared or changed there.</summary>
internal static class BrokerTrial
{
    /// <summary>Why not; null when it does.</summary>
    /// <param name="options">The bus, with a broker.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<BrokerProblem?> FindProblemAsync(BusOptions options, CancellationToken ct)
    {
        try
        {
            var connection = await BrokerConnection.OpenAsync(options, ct).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // A virtual host that is not there shows when the connection is used.
                var channel = await connection.CreateChannelAsync(cancellationToken: ct).ConfigureAwait(false);
                await channel.DisposeAsync().ConfigureAwait(false);
                return null;
            }
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or SocketException or TimeoutException)
        {
            return Explain(e);
        }
    }

    private static BrokerProblem Explain(Exception e)
    {
        var chain = Chain(e).ToList();
        if (chain.OfType<AuthenticationFailureException>().Any())
            return new BrokerProblem(BrokerProblemKind.Credentials, "");
        return chain.OfType<OperationInterruptedException>().FirstOrDefault() is { ShutdownReason: { } reason }
            ? new BrokerProblem(BrokerProblemKind.Rights, reason.ReplyText)
            : new BrokerProblem(BrokerProblemKind.Unreachable, chain.OfType<SocketException>().FirstOrDefault()?.Message ?? chain[^1].Message);
    }

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException)
            yield return e;
    }
}

/// <summary>Why a broker does not take our connection.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Why">What the broker, or the network, said.</param>
internal sealed record BrokerProblem(BrokerProblemKind Kind, string Why);

/// <summary>What is wrong between us and a broker.</summary>
internal enum BrokerProblemKind
{
    /// <summary>It does not answer.</summary>
    Unreachable,

    /// <summary>It refuses the user or the password.</summary>
    Credentials,

    /// <summary>It knows the user, and refuses what is asked for, such as the virtual host.</summary>
    Rights,
}
