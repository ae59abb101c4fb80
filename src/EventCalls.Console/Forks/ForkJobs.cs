using EventCalls.Console.Commands;
using EventCalls.Console.Jobs;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Forks;

/// <summary>The forks that were asked for in this process.</summary>
internal sealed class ForkJobs(ConsoleSources sources, TimeProvider time) : IAsyncDisposable
{
    private readonly KeptJobs<ForkJob> _jobs = new("fork");

    /// <summary>One of them.</summary>
    public ForkJob Required(string id) => _jobs.Required(id);

    /// <summary>Starts one, if it can be played.</summary>
    public async Task<ForkJob> StartAsync(CallHistory call, WantedFork wanted, LogicVersionLoaded? logic, string by, CancellationToken cancellationToken)
    {
        if (sources.Fork is not { } prepare)
            throw new ApiProblemException(503, "Not available", "This process plays no calls; ask one that has the routing's configuration.");
        PreparedFork play;
        try
        {
            play = await prepare(call, wanted.At ?? 1, wanted.Inject, logic, cancellationToken).ConfigureAwait(false);
        }
        catch (ForkRefusedException e)
        {
            throw CommandBodies.FieldOf(e.Message) is { } field ? ApiProblemException.Invalid(field, e.Message) : new ApiProblemException(409, "Not possible", e.Message);
        }
        return _jobs.Start(
            () => new ForkJob(call.Call.CallId, play, by, time),
            () => new ApiProblemException(409, "A fork is played", "One fork is played at a time here; come again in a moment.") { RetryAfter = 2 });
    }

    /// <summary>Ends what is played.</summary>
    public ValueTask DisposeAsync() => _jobs.DisposeAsync();
}
