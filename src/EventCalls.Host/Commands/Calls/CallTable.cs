using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Store;
using Spectre.Console;

namespace EventCalls.Host.Commands.Calls;

/// <summary>Calls for people: two lines each, so that the id, which the next command asks for, is there as a whole also on 80 columns.</summary>
internal sealed class CallTable(IAnsiConsole console, TimeZoneInfo zone)
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
        var lasted = call.EndedAt is { } end ? Lasted(end - call.StartedAt) : "open";
        var started = zone == TimeZoneInfo.Utc ? UtcTime.Seconds(call.StartedAt) : TimeZoneOption.Seconds(call.StartedAt, zone);
        var style = call.Outcome switch
        {
            null => Style.Plain,
            { } outcome when TransferOutcomes.IsSuccess(outcome) => new Style(Color.Green),
            _ => new Style(Color.Red),
        };
        console.WriteLine(
            (Row($"{started}  {lasted.PadLeft(IdWidth - started.Length - 2)}", Number(call.Caller), ""), Style.Plain),
            (TextLayout.Cut(PlainText.Of(Said(call)), RestWidth), style));
        console.WriteLine(
            (call.CallId.ToString("D"), s_quiet),
            ("  " + TextLayout.Cut(Number(call.Callee), NumberWidth).PadRight(NumberWidth + Gap), Style.Plain),
            (TextLayout.Cut(PlainText.Of(Handoff(call)), RestWidth), Style.Plain));
    }

    private string Row(string id, string number, string rest) =>
        id.PadRight(IdWidth + Gap) + TextLayout.Cut(number, NumberWidth).PadRight(NumberWidth + Gap) + TextLayout.Cut(rest, RestWidth);

    private static string Number(string number) => number.Length == 0 ? "withheld" : PlainText.Of(number);

    private static string Said(CallRow call)
    {
        var flow = call.Flow ?? "no flow";
        if (call.Outcome is { } outcome)
            return call.Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $"{flow}: {WireName.Of(outcome)}, attempt {call.Attempts}") : $"{flow}: {WireName.Of(outcome)}";
        return call.EndCause is { } cause ? $"{flow}: {WireName.Of(cause)}" : flow;
    }

    private static string Handoff(CallRow call) => call.Handoff is { } method ? $"{WireName.Of(method)} {Target(call.Target)}".TrimEnd() : "none";

    // Nearly every target is a sip: URI; what follows is what tells them apart.
    private static string? Target(string? target) => target?.StartsWith("sip:", StringComparison.Ordinal) == true ? target[4..] : target;

    private static string Lasted(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
