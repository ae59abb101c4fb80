using System.Text.Json;
using EventCalls.Console.Jobs;
using EventCalls.Replay.Audit;

namespace EventCalls.Console.Forks;

/// <summary>One fork that was asked for here.</summary>
/// <param name="callId">The call.</param>
/// <param name="play">Plays it.</param>
/// <param name="by">Who asked.</param>
/// <param name="time">The clock.</param>
internal sealed class ForkJob(Guid callId, PreparedFork play, string by, TimeProvider time) : Job(by, time, s_limit)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>What came of it; null until it is played.</summary>
    public PlayedFork? Played { get; private set; }

    /// <summary>The same for whoever asks.</summary>
    public ForkAnswer Answer() => State is var state && state == JobState.Running
        ? new ForkAnswer(Id, callId, state, By, StartedAt, null, null, null, null)
        : new ForkAnswer(Id, callId, state, By, StartedAt, Played?.At, Played?.IsSame, Problem, Played is null ? null : JsonElement.Parse(Played.Json));

    private protected override async Task<JobState> WorkAsync(CancellationToken cancellationToken)
    {
        Played = await play(cancellationToken).ConfigureAwait(false);
        Problem = Played.Doubt;
        return JobState.Done;
    }

    private protected override JobState WhenStopped()
    {
        Problem = $"It was not played within {s_limit.TotalSeconds:0} s.";
        return JobState.Failed;
    }
}
