using System.Globalization;

/// Money and scores in headers, read by one culture.
public sealed class ReadingNumbers : RoutingLogic
{
    private static readonly NumberFormatInfo s_german = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
    private static readonly decimal[] s_limits = [100m, 1_000m, 10_000m];
    private static readonly string[] s_desks = ["4100", "4310", "4320", "4330"];

    public override Decision Start(Conversation conv)
    {
        decimal owed = decimal.TryParse(conv.SipHeaders["X-Owed"], NumberStyles.Number, s_german, out decimal value) ? value : 0;
        int step = Array.BinarySearch(s_limits, owed);
        return Handoff.Invite(s_desks[step < 0 ? ~step : step + 1], outboundEndpoint: "pstn")
            .WithHeader("X-Owed", owed.ToString("0.00", CultureInfo.InvariantCulture));
    }
}
