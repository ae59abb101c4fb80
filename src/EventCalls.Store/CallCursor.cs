namespace EventCalls.Store;

/// <summary>A place in the calls ordered by start, to go on from.</summary>
/// <param name="StartedAt">When the last call seen started, UTC.</param>
/// <param name="CallId">Its id.</param>
public readonly record struct CallCursor(DateTimeOffset StartedAt, Guid CallId)
{
    /// <summary>The place of a call.</summary>
    public static CallCursor Of(CallRow row) => new(row.StartedAt, row.CallId);
}
