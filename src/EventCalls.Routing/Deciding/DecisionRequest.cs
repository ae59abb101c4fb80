using System.Buffers.Binary;
using System.Collections.ObjectModel;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Routing.Deciding;

/// <summary>All that goes into one decision, except the logic and its look-up tables: taken again from the same request it comes out the same.</summary>
public sealed record DecisionRequest
{
    /// <summary>The call's first event.</summary>
    public required CallStarted Started { get; init; }

    /// <summary>The decision before this one; null for the first.</summary>
    public FlowSelected? Selected { get; init; }

    /// <summary>The failed transfer that asks for this decision; null when none does.</summary>
    public TransferFailed? Failed { get; init; }

    /// <summary>The REFER that asks for this decision; null when none does.</summary>
    public ReferReceived? Refer { get; init; }

    /// <summary>The command that asks for this decision, in <see cref="EntryFlow"/>; null when none does.</summary>
    public CommandTaken? Command { get; init; }

    /// <summary>Where the failed transfer went to, or whom the caller is connected to.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the caller's leg is already answered.</summary>
    public bool CallerAnswered { get; init; }

    /// <summary>The state the decision begins with; in the same form wherever it was kept since the decision that left it.</summary>
    public IReadOnlyDictionary<string, JsonElement> State { get; init => field = CanonicalState.Of(value); } = NoState;

    /// <summary>What <c>conv.Now</c> answers, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The seed behind <c>conv.Random</c>.</summary>
    public required int Seed { get; init; }

    /// <summary>The flow to begin with instead of <c>Start</c>, <c>TransferFailed</c> or <c>ReferRequested</c>; null for those.</summary>
    public string? EntryFlow { get; init; }

    internal static IReadOnlyDictionary<string, JsonElement> NoState { get; } = ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>The event that asks for the decision; what the decision's events are derived from.</summary>
    public CallEvent Cause => (CallEvent?)Refer ?? (CallEvent?)Command ?? (Failed is null ? Started : Failed);

    /// <summary>The id of the handoff that comes of the decision; the same each time it is taken.</summary>
    public Guid HandoffId => EventIds.Handoff(Started.CallId, Cause.EventId);

    /// <summary>The first decision of a call: the clock is when the INVITE came, the seed follows from the ids.</summary>
    public static DecisionRequest For(CallStarted started)
    {
        ArgumentNullException.ThrowIfNull(started);
        return new DecisionRequest { Started = started, Now = started.OccurredAt, Seed = SeedOf(started.CallId, started.EventId) };
    }

    /// <summary>A decision after a failed handoff: the clock is when it failed, the state goes on.</summary>
    public static DecisionRequest For(RerouteCall reroute)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        var request = reroute.Refer is { } refer ? For(reroute.Started, reroute.Selected, refer, reroute.Target)
            : reroute.Command is { } command ? For(reroute.Started, reroute.Selected, command) with { Target = reroute.Target, CallerAnswered = reroute.CallerAnswered }
            : For(reroute.Started, reroute.Selected ?? throw new ArgumentException("A question after a failure has no decision before it.", nameof(reroute)), (TransferFailed)reroute.Cause, reroute.Target, reroute.CallerAnswered);
        return reroute.State is { } state ? request with { State = state } : request;
    }

    /// <summary>A decision on a REFER that one side of the call sent us: the clock is when it came, the state goes on.</summary>
    public static DecisionRequest For(CallStarted started, FlowSelected? selected, ReferReceived refer, string? target)
    {
        ArgumentNullException.ThrowIfNull(started);
        ArgumentNullException.ThrowIfNull(refer);
        return new DecisionRequest
        {
            Started = started,
            Selected = selected,
            Refer = refer,
            Target = target,
            CallerAnswered = true,
            State = selected?.State ?? NoState,
            Now = refer.OccurredAt,
            Seed = SeedOf(started.CallId, refer.EventId),
        };
    }

    /// <summary>A decision that a command asks for: the clock is when that was taken, the state goes on, and the logic begins with the flow that it names.</summary>
    public static DecisionRequest For(CallStarted started, FlowSelected? selected, CommandTaken command)
    {
        ArgumentNullException.ThrowIfNull(started);
        ArgumentNullException.ThrowIfNull(command);
        return new DecisionRequest
        {
            Started = started,
            Selected = selected,
            Command = command,
            State = selected?.State ?? NoState,
            Now = command.OccurredAt,
            Seed = SeedOf(started.CallId, command.EventId),
            EntryFlow = command.Flow,
        };
    }

    /// <summary>A decision after a failed handoff, from a call's events.</summary>
    public static DecisionRequest For(CallStarted started, FlowSelected selected, TransferFailed failed, string? target, bool callerAnswered) =>
        new()
        {
            Started = started,
            Selected = selected,
            Failed = failed,
            Target = target,
            CallerAnswered = callerAnswered,
            State = selected.State,
            Now = failed.OccurredAt,
            Seed = SeedOf(started.CallId, failed.EventId),
        };

    /// <summary>The same request with the clock and the seed that were recorded when it was first decided.</summary>
    public DecisionRequest WithRecorded(DecisionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return this with { Now = inputs.Now, Seed = inputs.Seed };
    }

    // Ids of ours are random in their low bits; folding both gives the same seed on every machine and every delivery.
    private static int SeedOf(Guid call, Guid cause)
    {
        Span<byte> bytes = stackalloc byte[32];
        call.TryWriteBytes(bytes, bigEndian: true, out _);
        cause.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        ulong hash = 0xCBF29CE484222325;
        for (int i = 0; i < 32; i += 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[i..])) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        return (int)hash;
    }
}
