using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Import;
using Spectre.Console;

namespace EventCalls.Terminal;

/// <summary>What an import came to, for people.</summary>
public static class ImportView
{
    private const int LabelWidth = 14;
    private const int MostProblems = 20;

    /// <summary>Writes what came of each file and of the calls; problems go where errors do.</summary>
    /// <param name="console">Where results go.</param>
    /// <param name="errors">Where problems go.</param>
    /// <param name="result">What the import came to.</param>
    /// <param name="isDryRun">Whether nothing was stored.</param>
    /// <param name="namesOurs">Whether it was said which addresses are ours.</param>
    /// <param name="store">The store's name.</param>
    public static void Write(IAnsiConsole console, IAnsiConsole errors, ImportResult result, bool isDryRun, bool namesOurs, string store)
    {
        foreach (var file in result.Files)
            console.WriteLabelled(TextLayout.Cut(PlainText.Of(file.Name), 40) + " ", LabelWidth, Describe(file));
        console.WriteLabelled("Calls", LabelWidth, $"{Number(result.Calls)}: {Number(result.Imported)} {(isDryRun ? "would be stored" : "stored")}, {Number(result.AlreadyThere)} {(result.AlreadyThere == 1 ? "was" : "were")} there already");
        if (result.Transfers.Count > 0)
            console.WriteLabelled("Transfers", LabelWidth, string.Join(", ", result.Transfers.Select(t => $"{Number(t.Value)} {WireName.Of(t.Key)}")));
        if (result.UnassignedLegs > 0)
            console.WriteLabelled("Left out", LabelWidth, $"{Number(result.UnassignedLegs)} calls that went out, as no call that came in belongs to them");
        console.WriteLabelled("Store", LabelWidth, isDryRun ? $"{store}, not changed" : store);
        if (result.Calls == 0 && namesOurs && result.Files.Any(file => file.Messages > 0))
            errors.WriteLabelled("", 0, "No INVITE came from elsewhere to an address given with --our; where all are on one machine, give address and port.");
        if (result.Problems.Count == 0)
            return;
        errors.WriteLabelled("Problems", LabelWidth, Number(result.Problems.Count));
        foreach (var problem in result.Problems.Listed.Take(MostProblems))
            errors.WriteLabelled("", 2, $"  {problem.File}{(problem.At.Length > 0 ? $", {problem.At}" : "")}: {problem.Message}");
        if (result.Problems.Count > MostProblems)
            errors.WriteLabelled("", 2, $"  … and {Number(result.Problems.Count - MostProblems)} more; --json lists the first {ImportProblems.MostListed}");
    }

    private static string Describe(ImportedFile file) => file.Format switch
    {
        null => "not read: neither a capture nor a table",
        "csv" => $"{Number(file.Rows)} rows, {Number(file.Calls)} calls{(file.UnusedColumns.Count > 0 ? $"; not used: {string.Join(", ", file.UnusedColumns)}" : "")}",
        _ => $"{file.Format}, {Number(file.Packets)} packets, {Number(file.Messages)} SIP messages, {Number(file.Calls)} calls",
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
