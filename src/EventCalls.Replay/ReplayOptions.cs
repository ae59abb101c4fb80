using EventCalls.Contracts;
using EventCalls.Replay.Deciding;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay;

/// <summary>How past calls are decided again.</summary>
public sealed record ReplayOptions
{
    /// <summary>How many calls are decided at the same time, 1 or more.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How many questions a second a web service that decides is asked at most, over 0; null for as many as it answers. Each decision is two.</summary>
    public double? Rate { get; init; }

    /// <summary>The version that decides every call beside the candidate, and that it is compared with; null to compare with the record. Stays the caller's to dispose.</summary>
    public CompiledLogic? Baseline { get; init; }

    /// <summary>What decisions are given in place of what was recorded; null for what was recorded. With any, even one that puts nothing in place, a version that decides otherwise than it did is not called nondeterministic.</summary>
    public OtherInputs? Inputs { get; init; }

    /// <summary>Today's tables, asked for look-ups that were never recorded; null makes such a call not replayable.</summary>
    public ILookupSource? LiveLookups { get; init; }

    /// <summary>Today's destinations, which names of destinations stand for; null for what they stood for when the call was recorded.</summary>
    public HandoffDestinations? Handoffs { get; init; }

    /// <summary>How long the candidate may take for one decision, over 0.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How the processes are started that decide, two for each two <see cref="Threads"/>; null decides in this process, which logic can end then.</summary>
    public DeciderProcessOptions? Deciders { get; init; }

    /// <summary>How long to wait, deciding in this process, for one that does not end at the limit, before its thread is given up.</summary>
    public TimeSpan HangLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The outbound endpoints that are configured; null leaves their names unchecked.</summary>
    public IReadOnlySet<string>? KnownEndpoints { get; init; }

    /// <summary>Which of the calls given are decided; null for all. Called on several threads at once.</summary>
    public Func<CallRow, CallStarted, bool>? Chosen { get; init; }

    /// <summary>Whether, deciding in this process, each decision's second taking happens in another time zone. It is the process's: only for a process that does nothing else.</summary>
    public bool ShiftTimeZone { get; init; }

    /// <summary>The same for a replay: of the calls that it asks for, as many at once as it says.</summary>
    public ReplayOptions For(ReplayRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return this with { Threads = request.Threads, Rate = request.Rate, Chosen = request.Choice.Predicate };
    }
}
