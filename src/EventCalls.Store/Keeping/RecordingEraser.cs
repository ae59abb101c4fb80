using EventCalls.Contracts;

namespace EventCalls.Store.Keeping;

/// <summary>Deletes the recordings of calls before what names them is taken out of the store. Not for several threads.</summary>
/// <remarks>Calls that go on are passed over, as <see cref="ICallKeeping"/> does.</remarks>
/// <param name="store">The calls.</param>
/// <param name="delete">Deletes what an event of a call of a node names; null when it is gone, else why it is not, in words.</param>
public sealed class RecordingEraser(ICallStore store, Func<string, string, string?> delete)
{
    private static readonly string s_started = NameOf<CallStarted>();
    private static readonly string s_ended = NameOf<CallEnded>();
    private static readonly string[] s_naming = [NameOf<RecordingStored>(), NameOf<RecordingFailed>()];

    private readonly List<RecordingLeft> _left = [];

    /// <summary>How many are gone.</summary>
    public long Deleted { get; private set; }

    /// <summary>Those that are not.</summary>
    public IReadOnlyList<RecordingLeft> Left => _left;

    /// <summary>Deletes the recordings that the events of these calls name.</summary>
    /// <exception cref="StoreUnreachableException">The store cannot be used now; some may be gone.</exception>
    public async Task EraseAsync(IReadOnlyList<Guid> calls, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calls);
        foreach (var call in calls)
        {
            var events = await store.ReadStreamAsync(call, cancellationToken).ConfigureAwait(false);
            if (!events.Any(e => e.Type == s_ended))
                continue;
            string? node = events.Where(e => e.Type == s_started).Select(e => TryRead(e) as CallStarted).FirstOrDefault()?.Node;
            var late = await store.ReadLateEventsAsync(call, cancellationToken).ConfigureAwait(false);
            foreach (string location in events.Where(e => s_naming.Contains(e.Type)).Select(TryRead).Concat(late.Where(e => s_naming.Contains(e.Type)).Select(TryRead)).Select(LocationOf).OfType<string>().Distinct())
            {
                if (delete(node ?? "", location) is { } why)
                    _left.Add(new RecordingLeft(call, node ?? "", location, why));
                else
                    Deleted++;
            }
        }
    }

    private static string NameOf<T>()
        where T : CallEvent => CallEventNames.All.First(e => e.Type == typeof(T)).Name;

    private static string? LocationOf(CallEvent? e) => e switch { RecordingStored stored => stored.Location, RecordingFailed failed => failed.Location, _ => null };

    private static CallEvent? TryRead(StoredEvent e) => TryRead(e.Type, e.Data);

    private static CallEvent? TryRead(LateEvent e) => TryRead(e.Type, e.Data);

    // One that is damaged names nothing that could be deleted, and must not keep the call.
    private static CallEvent? TryRead(string type, ReadOnlyMemory<byte> data)
    {
        try
        {
            return CallEventCodec.Read(type, data.Span);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

/// <summary>A recording that was to be deleted with its call and was not.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Node">The node that made it.</param>
/// <param name="Location">Where it is, as its event says.</param>
/// <param name="Why">Why it was not, in words.</param>
public sealed record RecordingLeft(Guid CallId, string Node, string Location, string Why);
