using System.Globalization;
using EventCalls.Replay.Nightly;

namespace EventCalls.Host.Configuration;

/// <content>The keys of how logic proves itself.</content>
internal static partial class SettingsReading
{
    private static NightlyOptions Nightly(KeyReader keys)
    {
        var nightly = keys.For(new NightlyOptions());
        string? at = nightly.TextFor("Replay:Nightly", o => o.Nightly, "a time of day such as `03:00`");
        string? zone = nightly.TextFor("Replay:NightlyZone", o => o.NightlyZone, "a name such as `Europe/Berlin`", "UTC");
        var time = default(TimeOnly);
        if (at is not null && !TimeOnly.TryParseExact(at, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time))
            keys.Wrong("Replay:Nightly", at, "expected a time of day from 00:00 to 23:59, such as '03:00'");
        var known = TimeZoneInfo.Utc;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out known))
            keys.Wrong("Replay:NightlyZone", zone, "there is no such time zone on this machine; expected an IANA name such as 'Europe/Berlin'");
        return new NightlyOptions { Nightly = at is null ? null : time, NightlyZone = known ?? TimeZoneInfo.Utc };
    }
}
