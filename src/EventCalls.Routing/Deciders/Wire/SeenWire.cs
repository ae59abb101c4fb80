using EventCalls.Contracts;
using EventCalls.Contracts.Reading;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What logic can see of a request, and nothing else: a past call is decided from less than it has on record.</summary>
internal static class SeenWire
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Selected = 1,
        Failed = 2,
        CallerAnswered = 4,
        State = 8,
        EntryFlow = 16,
        Answers = 32,
        Refer = 64,
        Identity = 128,
    }

    public static void Write(WireWriter to, DecisionRequest request, IReadOnlyList<LookupAnswer> recorded)
    {
        to.Byte((byte)((request.Selected is null ? Parts.None : Parts.Selected)
            | (request.Failed is null ? Parts.None : Parts.Failed)
            | (request.Refer is null ? Parts.None : Parts.Refer)
            | (request.Started.Identity is null ? Parts.None : Parts.Identity)
            | (request.CallerAnswered ? Parts.CallerAnswered : Parts.None)
            | (request.State.Count == 0 ? Parts.None : Parts.State)
            | (request.EntryFlow is null ? Parts.None : Parts.EntryFlow)
            | (recorded.Count == 0 ? Parts.None : Parts.Answers)));
        var started = request.Started;
        to.Guid(started.CallId);
        // The handoff's id, which a destination's headers can tell, is made of it; the others bring theirs along.
        if (request.Failed is null && request.Refer is null)
            to.Guid(request.Cause.EventId);
        to.Text(started.CallerNumber);
        to.Text(started.CalleeNumber);
        to.Text(started.Trunk);
        to.Text(started.RequestUri);
        to.Time(request.Now);
        to.Int(request.Seed);
        // Its length before it: it is read when logic asks for one.
        int at = to.BeginPart();
        EventWire.WriteHeaders(to, started.Headers);
        to.EndPart(at);
        if (started.Identity is { } identity)
            EventWire.WriteChecks(to, identity);
        if (request.Selected is { } selected)
            to.Text(selected.Flow);
        if (request.Failed is { } failed)
        {
            EventWire.Write(to, failed);
            to.Text(request.Target);
        }

        if (request.Refer is { } refer)
        {
            EventWire.Write(to, refer);
            to.Text(request.Target);
        }

        if (request.State.Count > 0)
            StateWire.Write(to, request.State);
        if (request.EntryFlow is { } flow)
            to.Text(flow);
        if (recorded.Count > 0)
            EventWire.WriteAnswers(to, recorded);
    }

    public static DecisionRequest Read(ref WireReader from, out IReadOnlyList<LookupAnswer> recorded)
    {
        var parts = (Parts)from.Byte();
        var call = from.Guid();
        var cause = parts.HasFlag(Parts.Failed) || parts.HasFlag(Parts.Refer) ? default : from.Guid();
        string caller = from.Text(), callee = from.Name(), trunk = from.Name(), uri = from.Name();
        var now = from.Time();
        int seed = from.Int32();
        var started = new CallStarted
        {
            EventId = cause,
            CallId = call,
            CausationId = default,
            OccurredAt = now,
            Node = "",
            Trunk = trunk,
            Transport = "",
            RemoteEndPoint = "",
            SipCallId = "",
            RequestUri = uri,
            CallerNumber = caller,
            CalleeNumber = callee,
            Headers = ReadHeaders(from.Part(), from.Texts),
            Identity = parts.HasFlag(Parts.Identity) ? EventWire.ReadChecks(ref from) : null,
        };
        var selected = parts.HasFlag(Parts.Selected) ? Selected(call, now, from.Name()) : null;
        var failed = parts.HasFlag(Parts.Failed) ? EventWire.ReadFailed(ref from) : null;
        string? target = failed is null ? null : from.OptionalName();
        var refer = parts.HasFlag(Parts.Refer) ? EventWire.ReadRefer(ref from) : null;
        if (refer is not null)
            target = from.OptionalName();
        var state = parts.HasFlag(Parts.State) ? StateWire.Read(ref from) : DecisionRequest.NoState;
        string? entry = parts.HasFlag(Parts.EntryFlow) ? from.Name() : null;
        recorded = parts.HasFlag(Parts.Answers) ? EventWire.ReadAnswers(ref from) : [];
        return new DecisionRequest
        {
            Started = started,
            Selected = selected,
            Failed = failed,
            Refer = refer,
            Target = target,
            CallerAnswered = parts.HasFlag(Parts.CallerAnswered),
            State = state,
            Now = now,
            Seed = seed,
            EntryFlow = entry,
        };
    }

    private static IReadOnlyList<SipHeader> ReadHeaders(ReadOnlySpan<byte> part, WireTexts texts)
    {
        var from = new WireReader(part, texts);
        int count = from.Count();
        return count == 0 ? [] : new PackedHeaders(part[from.At..].ToArray(), count);
    }

    private static FlowSelected Selected(Guid call, DateTimeOffset at, string flow) => new()
    {
        EventId = default,
        CallId = call,
        CausationId = default,
        OccurredAt = at,
        Flow = flow,
        State = DecisionRequest.NoState,
        LogicVersion = "",
        DecisionMicroseconds = 0,
        DecidedBy = "",
    };
}
