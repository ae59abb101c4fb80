using System.Text;
using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>Finds the context of handoffs in the call's recorded events.</summary>
public sealed class StoredHandoffContexts(ICallStore store) : IHandoffContexts
{
    /// <inheritdoc />
    public async Task<HandoffContext?> FindAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } call)
            return Read(call, await store.ReadStreamAsync(call.CallId, cancellationToken).ConfigureAwait(false), handoffId: null);
        if (HandoffId(id) is not { } handoffId)
            return null;
        // Ids of handoffs begin as the call's does: some few calls, mostly one.
        foreach (var row in await store.SearchAsync(new CallQuery { OfHandoff = handoffId, Archived = null }, cancellationToken).ConfigureAwait(false))
        {
            var events = await store.ReadStreamAsync(row.CallId, cancellationToken).ConfigureAwait(false);
            if (Read(row, events, handoffId) is { } found)
                return found;
        }

        return null;
    }

    // As it is, or in the hex in which User-to-User carries it (RFC 7433), with parameters behind or without.
    private static Guid? HandoffId(string id)
    {
        if (Guid.TryParse(id, out var plain))
            return plain;
        string hex = id.Split(';')[0].Trim();
        return hex.Length is > 0 and <= 128 && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit) && Guid.TryParse(Encoding.UTF8.GetString(Convert.FromHexString(hex)), out var encoded)
            ? encoded
            : null;
    }

    private static HandoffContext? Read(CallRow row, IReadOnlyList<StoredEvent> stored, Guid? handoffId)
    {
        var events = stored.Where(e => IsWanted(e.Type)).Select(e => e.Read()).ToList();
        int at = events.FindLastIndex(e => e is HandoffRequested { Steps.Count: > 0 } h && (handoffId is null || h.HandoffId == handoffId));
        if (at < 0 && handoffId is not null)
            return null;
        var requested = at < 0 ? null : (HandoffRequested)events[at];
        var state = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string? flow = null;
        for (int i = 0; i < events.Count && (at < 0 || i <= at || IsOfBefore(events, i)); i++)
        {
            if (events[i] is FlowSelected selected)
            {
                state.Clear();
                flow = selected.Flow;
                Change(state, selected.State);
            }
            else if (events[i] is StateChanged changed)
            {
                Change(state, changed.Changes);
            }
        }

        return new HandoffContext
        {
            CallId = row.CallId,
            SipCallId = row.SipCallId,
            CallerNumber = row.Caller,
            CalleeNumber = row.Callee,
            HandoffId = requested?.HandoffId,
            RequestedAt = requested?.OccurredAt,
            Reason = requested?.Reason,
            Flow = flow,
            State = state,
        };
    }

    // What a command changes for a handoff or a flow of its own says nothing of the handoff before.
    private static bool IsOfBefore(List<CallEvent> events, int i) =>
        events[i] is StateChanged changed && !events.Skip(i + 1).Any(e => e is not StateChanged && e.CausationId == changed.CausationId);

    private static bool IsWanted(string type) =>
        CallEventNames.TypeOf(type) is { } known && (known == typeof(FlowSelected) || known == typeof(StateChanged) || known == typeof(HandoffRequested));

    private static void Change(Dictionary<string, JsonElement> state, IReadOnlyDictionary<string, JsonElement> changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value.ValueKind == JsonValueKind.Null)
                state.Remove(key);
            else
                state[key] = value;
        }
    }
}
