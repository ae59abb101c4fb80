namespace EventCalls.Replay.Nightly;

/// <summary>When the calls of the day before are decided again.</summary>
public sealed record NightlyOptions
{
    /// <summary>The time of day, such as <c>03:00</c>; null for never. It is done where events are recorded, in processes of their own beside the calls, and calls that come out otherwise are logged as an error.</summary>
    public TimeOnly? Nightly { get; init; }

    /// <summary>The time zone of <see cref="Nightly"/> and of the day, by its IANA name.</summary>
    public TimeZoneInfo NightlyZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The day before, as it began and ended in the zone, UTC.</summary>
    /// <param name="now">The time, UTC.</param>
    public (DateTimeOffset From, DateTimeOffset To) Yesterday(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, NightlyZone).DateTime);
        return (Begin(today.AddDays(-1)), Begin(today));
    }

    /// <summary>Whether the time of day is past.</summary>
    /// <param name="now">The time, UTC.</param>
    public bool IsPast(DateTimeOffset now) => Nightly is { } at && TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, NightlyZone).DateTime) >= at;

    // Where clocks go forward at midnight the day begins with the first time that there is.
    private DateTimeOffset Begin(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (NightlyZone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(midnight, NightlyZone), TimeSpan.Zero);
    }
}
