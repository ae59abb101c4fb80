using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;

namespace EventCalls.Contracts;

/// <summary>The spans of calls: one trace for each call, whose id is the call's, so that every process adds to it without being told.</summary>
/// <remarks>
/// A trace's id is the 16 bytes of the call's id, and the id of its first span, <c>call</c>, the last 8 of them. Whether a call is traced follows
/// from its id too, so that a sampled trace is whole. Nothing is made while nobody listens to the source.
/// </remarks>
public static class CallTrace
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "EventCalls";

    /// <summary>The name of a trace's first span.</summary>
    public const string Call = "call";

    private static readonly ActivitySource s_source = new(SourceName);

    // The platform gives a span an id of its own choice and takes none: what it takes are a trace's id (Activity.TraceIdGenerator, ActivityContext) and a
    // parent's, and neither a processor nor the exporter of OpenTelemetry can give another one, as there is no IdGenerator in .NET. Other processes must
    // know the first span's; where it cannot be set, they have a parent that nobody exports, and the spans are one trace nevertheless.
    private static readonly FieldInfo? s_spanId = typeof(Activity).GetField("_spanId", BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>How many of the calls are traced when somebody listens, 0–1.</summary>
    public static double SampleRatio { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); } = 1;

    /// <summary>Whether spans of a call are to be made.</summary>
    public static bool IsTraced(Guid callId) => s_source.HasListeners() && IsSampled(callId, SampleRatio);

    /// <summary>Adds a span that is over to the call's trace, below <c>call</c>; that one itself is the span of that name.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="name">What it is: <c>call</c>, <c>decide</c>, <c>transfer</c>, <c>confirm</c> or <c>append</c>.</param>
    /// <param name="from">When it began.</param>
    /// <param name="to">When it was over.</param>
    /// <param name="tags">What there is to say of it.</param>
    /// <param name="error">What went wrong; null for nothing.</param>
    public static void Add(Guid callId, string name, DateTimeOffset from, DateTimeOffset to, ReadOnlySpan<(string Name, object? Value)> tags = default, string? error = null)
    {
        if (!IsTraced(callId))
            return;
        Span<byte> id = stackalloc byte[16];
        callId.TryWriteBytes(id, bigEndian: true, out _);
        bool isFirst = name == Call;
        // A span without a parent would take the one that the thread is in.
        var around = Activity.Current;
        if (isFirst)
            Activity.Current = null;
        try
        {
            Add(id, callId, name, isFirst, from, to, tags, error);
        }
        finally
        {
            Activity.Current = around;
        }
    }

    /// <summary>Whether an id is among the share that is traced: of an id of ours, 48 bits that are chance say so.</summary>
    public static bool IsSampled(Guid callId, double ratio)
    {
        if (ratio >= 1)
            return true;
        Span<byte> id = stackalloc byte[16];
        callId.TryWriteBytes(id, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(id[8..]) >> 8 << 16 >> 16 < ratio * (1L << 48);
    }

    private static void Add(ReadOnlySpan<byte> id, Guid callId, string name, bool isFirst, DateTimeOffset from, DateTimeOffset to, ReadOnlySpan<(string Name, object? Value)> tags, string? error)
    {
        var parent = new ActivityContext(ActivityTraceId.CreateFromBytes(id), isFirst ? default : ActivitySpanId.CreateFromBytes(id[8..]), ActivityTraceFlags.Recorded, isRemote: !isFirst);
        using var span = s_source.StartActivity(name, Kind(name), parent, tags: null, links: null, from);
        if (span is null)
            return;
        if (isFirst)
            s_spanId?.SetValue(span, ActivitySpanId.CreateFromBytes(id[8..]).ToHexString());
        span.SetTag("eventcalls.call.id", callId.ToString());
        foreach (var (tag, value) in tags)
            span.SetTag(tag, value);
        if (error is not null)
            span.SetStatus(ActivityStatusCode.Error, error);
        span.SetEndTime((to > from ? to : from).UtcDateTime);
    }

    private static ActivityKind Kind(string name) => name switch
    {
        Call => ActivityKind.Server,
        "transfer" => ActivityKind.Client,
        _ => ActivityKind.Internal,
    };
}
