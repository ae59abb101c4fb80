using System.Net.Sockets;
using EventCalls.Bus;
using EventCalls.Bus.Topology;
using RabbitMQ.Client.Exceptions;

namespace EventCalls.Host.Commands.Doctor;

/// <summary>Whether the message bus takes a connection.</summary>
internal static class BusCheck
{
    private const string Key = "EventCalls:Bus:RabbitMq";
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    public static async Task<Finding> RunAsync(BusOptions options, CancellationToken ct)
    {
        if (options.RabbitMq is null)
            return Finding.Ok("bus", "In memory: all roles run in one process.");
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(s_longest);
            var connection = await BrokerConnection.OpenAsync(options, deadline.Token).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // A virtual host that is not there shows when the connection is used.
                var channel = await connection.CreateChannelAsync(cancellationToken: deadline.Token).ConfigureAwait(false);
                await channel.DisposeAsync().ConfigureAwait(false);
                return Finding.Ok("bus", $"{options.Description} takes our connection.");
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unreachable(options, "it did not answer in time");
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or SocketException or TimeoutException)
        {
            return Explain(options, e);
        }
    }

    private static Finding Explain(BusOptions options, Exception e)
    {
        var chain = Chain(e).ToList();
        if (chain.OfType<AuthenticationFailureException>().Any())
            return Finding.Unreachable("bus", $"{options.Description} refuses the user or password.", $"Correct them in {Key}.");
        if (chain.OfType<OperationInterruptedException>().FirstOrDefault() is { ShutdownReason: { } reason })
            return Finding.Unreachable("bus", $"{options.Description} refuses us: {reason.ReplyText}.", $"Correct the virtual host in {Key}, or give the user its rights there.");
        return Unreachable(options, chain.OfType<SocketException>().FirstOrDefault()?.Message ?? chain[^1].Message);
    }

    private static Finding Unreachable(BusOptions options, string why) =>
        Finding.Unreachable("bus", $"{options.Description} cannot be reached: {why.TrimEnd('.')}.", $"Start the broker, or name the right one in {Key}.");

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException)
            yield return e;
    }
}
