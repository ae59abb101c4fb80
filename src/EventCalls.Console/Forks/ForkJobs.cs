using EventCalls.Console.Jobs;
using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Store;

namespace EventCalls.Console.Forks;

/// <summary>The forks that were asked for in this process.</summary>
internal sealed class ForkJobs(ConsoleSources sources, TimeProvider time) : IAsyncDisposable
{
    private readonly KeptJobs<ForkJob> _jobs = new("fork");

    /// <summary>One of them.</summary>
    public ForkJob Required(string id) => _jobs.Required(id);

    /// <summary>Starts one.</summary>
    public ForkJob Start(CallHistory call, WantedFork wanted, LogicVersionLoaded? logic, string by)
    {
        if (sources.Fork is not { } play)
            throw new ApiProblemException(503, "Not available", "This process plays no calls; ask one that has the routing's configuration.");
        return _jobs.Start(
            () => new ForkJob(call.Call.CallId, ct => play(call, wanted.At ?? 1, wanted.Inject, logic, ct), by, time),
            () => new ApiProblemException(409, "A fork is played", "One fork is played at a time here; come again in a moment.") { RetryAfter = 2 });
    }

    /// <summary>Ends what is played.</summary>
    public ValueTask DisposeAsync() => _jobs.DisposeAsync();
}
