using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EventCalls.Benchmarks.Outages;

/// <summary>The page <c>docs/outages.md</c>, made of the results.</summary>
internal static class OutagePage
{
    /// <summary>The page: a row for each case that was run now, and for the others the row that the page had before.</summary>
    public static string Of(OutageOptions options, IReadOnlyList<OutageResult> results, string before = "")
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"""
            # Outages

            <!-- Made by `dotnet run --project tests/EventCalls.Benchmarks -c Release -- outages --write docs/outages.md`; do not change by hand. -->

            Real calls (SIPp) come in at {options.Rate} a second, are answered, referred, report the transfer two seconds later and are hung up on, while a part has a fault.
            Every call is held against its stream afterwards. Roles are split over four processes with RabbitMQ and PostgreSQL, or one process holds all with SQLite and the bus
            in memory (SQLite, "embedded", name service). A fault counts as tried when it shows: in the log of a process, in a
            server that refuses, or in a process that stands still. Measured on a shared machine with two cores.

            - **refused**: the caller heard 503 and can try elsewhere, or nothing was listening
            - **by default**: no decision came in time, and the call got the configured default (with roles split nobody can be asked while the broker is away, and it takes some seconds to start)
            - **cut off**: ended with its process, and recorded so (`node_lost`, `node_stopped`)
            - **lost**: the call was accepted, and there is no stream
            - **doubled**: a call with two streams, a stream with an event, an end or an outcome twice, or a caller that was referred more often than is on record
            - **stuck**: a stream without an end
            - **wrong**: a stream that contradicts what its caller saw or calls a living call's node lost, an effect before its cause, a caller that never heard the end
            - **after**: seconds from the end of the last call until the store had everything

            | part | fault | calls | refused | by default | cut off | lost | doubled | stuck | wrong | after |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|

            """);
        var page = new StringBuilder(head.ReplaceLineEndings("\n"));
        var had = before.Split('\n');
        foreach (var outage in OutageCases.All)
        {
            string? row = results.FirstOrDefault(r => r.Case.Part == outage.Part && r.Case.Fault == outage.Fault) is { } result ? Row(result) : had.FirstOrDefault(line => IsRowOf(line, outage));
            if (row is not null)
                page.Append(row).Append('\n');
        }
        return page.ToString();
    }

    /// <summary>One case for the terminal.</summary>
    public static string Line(OutageResult result) => result.Verdict is { } v
        ? string.Create(CultureInfo.InvariantCulture, $"{result.Case.Part}, {result.Fault}: {v.Calls} calls, {v.Refused} refused, {v.Defaulted} by default, {v.CutOff} cut off, {v.Lost} lost, {v.Doubled} doubled, {v.Stuck} stuck, {v.Wrong} wrong, all there after {result.CatchUpSeconds:0} s{Problem(result)}")
        : $"{result.Case.Part}, {result.Fault}: not run{Problem(result)}";

    private static string Row(OutageResult result) => result.Verdict is { } v
        ? string.Create(CultureInfo.InvariantCulture, $"| {result.Case.Part} | {result.Fault}{Problem(result)} | {v.Calls} | {v.Refused} | {v.Defaulted} | {v.CutOff} | {v.Lost} | {v.Doubled} | {v.Stuck} | {v.Wrong} | {result.CatchUpSeconds:0} s |")
        : $"| {result.Case.Part} | {result.Fault}: not run{Problem(result)} | | | | | | | | | |";

    private static bool IsRowOf(string line, OutageCase outage) =>
        Regex.IsMatch(line, $"^{Regex.Escape($"| {outage.Part} | {outage.Fault}").Replace(@"\{0}", "[0-9]+", StringComparison.Ordinal)}(: not run.*)?( \\(.*\\))? \\|");

    private static string Problem(OutageResult result) => result.Problem is { } problem ? $" ({problem})" : "";
}
