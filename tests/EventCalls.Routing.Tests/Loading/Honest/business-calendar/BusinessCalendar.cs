/// Holidays that move with Easter, computed and not looked up.
public sealed class BusinessCalendar : RoutingLogic
{
    private static readonly (int Month, int Day)[] s_fixed = [(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)];

    // Gauss, as corrected by Lichtenberg.
    private static DateOnly Easter(int year)
    {
        int a = year % 19, k = year / 100, m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25, s = 2 - (3 * k + 3) / 4;
        int d = (19 * a + m) % 30, r = (d + a / 11) / 29, og = 21 + d - r, sz = 7 - (year + year / 4 + s) % 7, oe = 7 - (og - sz) % 7;
        return new DateOnly(year, 3, 1).AddDays(og + oe - 1);
    }

    private static IEnumerable<DateOnly> Holidays(int year)
    {
        foreach (var (month, day) in s_fixed)
            yield return new DateOnly(year, month, day);
        var easter = Easter(year);
        foreach (int offset in new[] { -2, 1, 39, 50 })
            yield return easter.AddDays(offset);
    }

    public override Decision Start(Conversation conv)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(conv.Now, zone).Date);
        bool closed = today.DayOfWeek is DayOfWeek.Sunday || Holidays(today.Year).Contains(today);
        return closed ? Handoff.Refer("sip:voicemail@example.com") : Handoff.Invite("4100", outboundEndpoint: "pstn");
    }
}
