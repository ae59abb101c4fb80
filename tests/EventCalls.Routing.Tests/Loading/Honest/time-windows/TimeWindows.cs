using System.Globalization;

/// Windows as text in a table: "Mo-Fr 08:00-18:00; Sa 09:00-12:00".
public sealed class TimeWindows : RoutingLogic
{
    private static readonly string[] s_days = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];
    private static readonly char[] s_separators = [';', '|'];

    private static bool IsIn(string windows, DateTimeOffset local)
    {
        foreach (string window in windows.Split(s_separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (window.Split(' ') is not [var days, var times] || times.Split('-') is not [var from, var to])
                throw new FormatException($"'{window}' is no window");
            var range = days.Split('-').Select(d => Array.IndexOf(s_days, d)).ToArray();
            int day = (int)local.DayOfWeek;
            if (day < range[0] || day > range[^1])
                continue;
            var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
            if (time.IsBetween(TimeOnly.ParseExact(from, "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(to, "HH:mm", CultureInfo.InvariantCulture)))
                return true;
        }

        return false;
    }

    public override Decision Start(Conversation conv) =>
        IsIn(conv.Lookup("desks.hours", "support") ?? "Mo-Fr 08:00-18:00", conv.Now) ? Handoff.Invite("4100", outboundEndpoint: "pstn") : Handoff.Reject(480);
}
