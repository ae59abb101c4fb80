using System.Buffers;
using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;

namespace EventCalls.Simulation.Forks;

/// <summary>A fork as JSON; the names of the members are a promise (docs/command-line.md).</summary>
/// <param name="result">What came of it.</param>
public sealed class ForkObject(ForkResult result)
{
    // The members are written in the order in which they stand here; what there is none of is null.
    public Guid CallId => result.Recording.Started.CallId;

    public int At => result.At;

    public int Of => result.Recording.Events.Count;

    public string? Inject => result.Injection?.ToString();

    public bool Injected => result.IsInjected && result.Injection is not null;

    public string Candidate => result.Candidate;

    public int Decisions => result.Decisions;

    public bool Reproduced => result.Mismatch is null;

    public string? Mismatch => result.Mismatch;

    public IReadOnlyCollection<string> AssumedEndpoints => result.AssumedEndpoints;

    public IReadOnlyCollection<string> LiveLookups => result.LiveLookups;

    public IEnumerable<string> AssumedTargets => result.Unknown.Select(t => t.Target);

    public bool Same => result.IsSame;

    public CourseObject Recorded => new(ForkCourse.Of(result.Recording.Events));

    public CourseObject Forked => new(ForkCourse.Of(result.Events));
}

/// <summary>One of its two courses.</summary>
/// <param name="course">The course.</param>
public sealed class CourseObject(ForkCourse course)
{
    public string? Flow => course.Row.Flow;

    public string? LogicVersion => course.Row.LogicVersion;

    public HandoffMethod? Handoff => course.Row.Handoff;

    public string? Target => course.Row.Target;

    public TransferOutcome? Outcome => course.Row.Outcome;

    public int Attempts => course.Row.Attempts;

    public CallParty? EndedBy => course.Ended?.EndedBy;

    public CallEndCause? EndCause => course.Ended?.Cause;

    public int? Status => course.Ended?.Status;

    public long? DurationMs => course.Ended?.DurationMs;

    public IEnumerable<CourseEvent> Events => course.Events.Select((e, i) => CourseEvent.Of(i + 1, e, course.Events[0].OccurredAt));
}

/// <summary>One event of a course.</summary>
/// <param name="Event">Its number, from 1.</param>
/// <param name="Type">The stored name.</param>
/// <param name="SinceStartMs">When, after the call's start.</param>
/// <param name="Data">The event's JSON.</param>
public sealed record CourseEvent(int Event, string Type, long SinceStartMs, EventData Data)
{
    /// <summary>The event as part of a course.</summary>
    public static CourseEvent Of(int number, CallEvent e, DateTimeOffset start)
    {
        var data = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(data, e is HandoffRequested { Selected: not null } handoff ? handoff with { Selected = null } : e);
        return new CourseEvent(number, CallEventNames.Of(e), (long)Math.Round((e.OccurredAt - start).TotalMilliseconds), new EventData(data.WrittenMemory));
    }
}

/// <summary>How forks are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InUtc)])]
[JsonSerializable(typeof(ForkObject))]
public sealed partial class ForkJson : JsonSerializerContext;
