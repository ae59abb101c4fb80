using System.Globalization;

/// Dates in the several forms that the CRM writes.
public sealed class DateFormats : RoutingLogic
{
    private static readonly string[] s_formats = ["yyyy-MM-dd", "dd.MM.yyyy", "MM/dd/yyyy"];

    public override Decision Start(Conversation conv)
    {
        string due = conv.SipHeaders["X-Due"] ?? "";
        if (!DateOnly.TryParseExact(due, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return Handoff.Invite("4100", outboundEndpoint: "pstn");
        int late = DateOnly.FromDateTime(conv.Now.UtcDateTime).DayNumber - day.DayNumber;
        return late > 30 ? Handoff.Invite("4220", outboundEndpoint: "pstn") : Handoff.Invite("4210", outboundEndpoint: "pstn");
    }
}
