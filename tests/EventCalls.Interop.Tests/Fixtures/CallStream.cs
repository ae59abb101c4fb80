using System.Text.Json;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A call and its events, as <c>eventcalls calls show --json</c> writes them.</summary>
internal sealed record CallStream(Guid CallId, IReadOnlyList<StreamEvent> Events)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>The event types in order.</summary>
    public IEnumerable<string> Types => Events.Select(e => e.Type);

    /// <summary>Whether the call is over.</summary>
    public bool IsEnded => Events.Any(e => e.Type == "call_ended");

    /// <summary>The last event of a call that is over.</summary>
    public StreamEvent Ended => Only("call_ended");

    /// <summary>How the attempts ended, in order: <c>invite answered</c>, <c>refer no_notify</c> ….</summary>
    public IEnumerable<string> Outcomes =>
        Events.Where(e => e.Type is "transfer_completed" or "transfer_failed").Select(e => $"{e["method"]} {e["outcome"]}");

    /// <summary>Reads the JSON of one call.</summary>
    public static CallStream Parse(string json) =>
        JsonSerializer.Deserialize<CallStream>(json, s_json) ?? throw new JsonException("A call is null.");

    /// <summary>The one event of that type.</summary>
    public StreamEvent Only(string type)
    {
        var found = Events.Where(e => e.Type == type).ToList();
        Assert.True(found.Count == 1, $"{found.Count} events {type} in:\n{this}");
        return found[0];
    }

    /// <summary>Asserts what holds of every stream of a call that is over.</summary>
    public CallStream MustBeWhole()
    {
        Assert.True(Events.Count > 0, $"Call {CallId} has no events.");
        Assert.True(Events[0].Type == "call_started", $"The first event is another:\n{this}");
        Assert.True(Events[^1].Type == "call_ended", $"The last event is another:\n{this}");
        Only("call_started");
        Only("call_ended");
        Assert.Equal(Enumerable.Range(1, Events.Count), Events.Select(e => e.Version));
        Assert.Equal(Events.Count, Events.Select(e => e.EventId).Distinct().Count());
        var known = new HashSet<Guid> { Guid.Empty };
        foreach (var e in Events)
        {
            Assert.True(known.Contains(e.CausationId), $"{e.Type} ({e.Version}) comes before its cause:\n{this}");
            known.Add(e.EventId);
        }

        // What the node itself recorded is in the order in which it happened; the routers have clocks of their own.
        var own = Events.Where(e => e.Type is not ("flow_selected" or "handoff_requested" or "routing_failed" or "call_ended")).ToList();
        Assert.True(own.Zip(own.Skip(1)).All(pair => pair.First.OccurredAt <= pair.Second.OccurredAt), $"The events are not in the order in which they happened:\n{this}");

        var begun = Events.Where(e => e.Type == "transfer_started").Select(e => (e["handoffId"], e["attempt"])).ToList();
        var decided = Events.Where(e => e.Type is "transfer_completed" or "transfer_failed").Select(e => (e["handoffId"], e["attempt"])).ToList();
        Assert.True(decided.Distinct().Count() == decided.Count, $"An attempt has two outcomes:\n{this}");
        Assert.True(begun.All(decided.Contains), $"An attempt has no outcome:\n{this}");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"call {CallId}\n" + string.Join('\n', Events.Select(e => $"{e.Version,3} {e.OccurredAt:HH:mm:ss.fff} {e.Type} {e.Data.GetRawText()}"));
}
