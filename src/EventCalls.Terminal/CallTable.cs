using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>Calls for people: two lines each, so that the id, which the next command asks for, is there as a whole also on 80 columns.</summary>
public sealed class CallTable(IAnsiConsole console, TimeZoneInfo zone)
{
    private const int IdWidth = 36;
    private const int Gap = 2;
    private const int NumberWidth = 16;

    private static readonly Style s_heading = new(decoration: Decoration.Bold);
    private static readonly Style s_quiet = new(Color.Grey);

    private bool _isBegun;

    private int RestWidth => console.Profile.Width - IdWidth - Gap - NumberWidth - Gap;

    /// <summary>Writes one call, and the heading before the first.</summary>
    public void Write(CallRow call)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            console.WriteLine((Row(TextLayout.Cut($"STARTED ({(zone == TimeZoneInfo.Utc ? "UTC" : zone.Id)})", IdWidth - 7).PadRight(IdWidth - 6) + "LASTED", "CALLER", "FLOW: OUTCOME"), s_heading));
            console.WriteLine((Row("CALL ID", "CALLED", "HANDOFF"), s_heading));
        }
        var lasted = CallWords.Lasted(call);
        var started = zone == TimeZoneInfo.Utc ? UtcTime.Seconds(call.StartedAt) : Seconds(call.StartedAt, zone);
        var style = call.Outcome switch
        {
            null => Style.Plain,
            { } outcome when TransferOutcomes.IsSuccess(outcome) => new Style(Color.Green),
            _ => new Style(Color.Red),
        };
        console.WriteLine(
            (Row($"{started}  {lasted.PadLeft(IdWidth - started.Length - 2)}", Number(call.Caller), ""), Style.Plain),
            (TextLayout.Cut(PlainText.Of(CallWords.Outcome(call)), RestWidth), style));
        console.WriteLine(
            (call.CallId.ToString("D"), s_quiet),
            ("  " + TextLayout.Cut(Number(call.Callee), NumberWidth).PadRight(NumberWidth + Gap), Style.Plain),
            (TextLayout.Cut(PlainText.Of(CallWords.Handoff(call)), RestWidth), Style.Plain));
    }

    private string Row(string id, string number, string rest) =>
        id.PadRight(IdWidth + Gap) + TextLayout.Cut(number, NumberWidth).PadRight(NumberWidth + Gap) + TextLayout.Cut(rest, RestWidth);

    private static string Number(string number) => number.Length == 0 ? "withheld" : PlainText.Of(number);

    // With its offset, which tells the hour that comes twice in autumn: 2026-11-22T14:48:44+01:00.
    private static string Seconds(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
