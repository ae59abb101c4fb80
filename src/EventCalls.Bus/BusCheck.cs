using EventCalls.Contracts.Findings;

namespace EventCalls.Bus;

/// <summary>Whether the message bus takes a connection.</summary>
public static class BusCheck
{
    private const string Key = "EventCalls:Bus:RabbitMq";
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Tries to connect, for 5 s at most, and says what came of it.</summary>
    public static async Task<Finding> RunAsync(BusOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.RabbitMq is null)
            return Finding.Ok("bus", "In memory: all roles run in one process.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(s_longest);
        try
        {
            return await BrokerTrial.FindProblemAsync(options, deadline.Token).ConfigureAwait(false) switch
            {
                null => Finding.Ok("bus", $"{options.Description} takes our connection."),
                { Kind: BrokerProblemKind.Credentials } => Finding.Unreachable("bus", $"{options.Description} refuses the user or password.", $"Correct them in {Key}."),
                { Kind: BrokerProblemKind.Rights } p => Finding.Unreachable("bus", $"{options.Description} refuses us: {p.Why}.", $"Correct the virtual host in {Key}, or give the user its rights there."),
                { } p => Unreachable(options, p.Why),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Unreachable(options, "it did not answer in time");
        }
    }

    private static Finding Unreachable(BusOptions options, string why) =>
        Finding.Unreachable("bus", $"{options.Description} cannot be reached: {why.TrimEnd('.')}.", $"Start the broker, or name the right one in {Key}.");
}
