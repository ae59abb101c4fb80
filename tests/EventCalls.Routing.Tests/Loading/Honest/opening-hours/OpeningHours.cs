using System.Globalization;

/// Opening hours of a branch, in the branch's own zone; holidays come from a table.
public sealed class OpeningHours : RoutingLogic
{
    private static readonly TimeOnly s_opens = new(9, 0);
    private static readonly TimeOnly s_closes = new(17, 30);

    public override Decision Start(Conversation conv)
    {
        string zoneId = conv.Lookup("branches.zone", conv.CalleeNumber) ?? "Europe/Berlin";
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var local = TimeZoneInfo.ConvertTime(conv.Now, zone);
        var day = DateOnly.FromDateTime(local.DateTime);
        if (conv.Lookup("holidays", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) is { } holiday)
        {
            conv.State["holiday"] = holiday;
            return conv.GotoFlow("closed");
        }

        bool weekday = local.DayOfWeek is >= DayOfWeek.Monday and <= DayOfWeek.Friday;
        return weekday && TimeOnly.FromDateTime(local.DateTime).IsBetween(s_opens, s_closes)
            ? Handoff.Invite("4100", outboundEndpoint: "pstn")
            : conv.GotoFlow("closed");
    }

    [Flow("closed")]
    public Decision Closed(Conversation conv) => Handoff.Reject(480, "Closed").Because(conv.State.Contains("holiday") ? "holiday" : "closed");
}
