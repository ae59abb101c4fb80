using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Kit;

/// <summary>Runs the cases of a logic folder, <c>cases/*.json</c>: calls, and what is to be decided of them.</summary>
public static class LogicCases
{
    /// <summary>The folder of the cases in a logic folder.</summary>
    public const string FolderName = "cases";

    /// <summary>Compiles the folder and runs its cases in the order of their files; nothing is recorded or sent.</summary>
    /// <param name="path">The logic folder.</param>
    /// <param name="options">Limits, known endpoints, and look-ups for files of cases that bring none; null for none and the defaults.</param>
    /// <param name="time">The clock, for a call that does not say when it came.</param>
    /// <param name="cancellationToken">Ends the compilation, or the run between two cases.</param>
    public static LogicCasesResult Run(string path, DecideOptions? options, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        var check = LogicFolder.Check(path, cancellationToken);
        if (check.Logic is not { } logic)
            return new LogicCasesResult { Check = check };
        using (logic)
        {
            var bare = check with { Logic = null };
            try
            {
                var files = Files(path).Select(file => LogicCaseFile.Read(path, file)).ToList();
                if (files.Sum(f => f.Cases.Count) == 0)
                    return new LogicCasesResult { Check = bare, Error = $"There are no cases: no {FolderName}/*.json in '{path}'." };
                return new LogicCasesResult { Check = bare, Cases = [.. files.SelectMany(f => Run(logic, f, options ?? new DecideOptions(), time, cancellationToken))] };
            }
            catch (FormatException e)
            {
                return new LogicCasesResult { Check = bare, Error = e.Message };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new LogicCasesResult { Check = bare, Error = $"The cases cannot be read: {e.Message}" };
            }
        }
    }

    private static IEnumerable<string> Files(string path)
    {
        string folder = Path.Combine(path, FolderName);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];
    }

    private static IEnumerable<LogicCaseResult> Run(CompiledLogic logic, LogicCaseFile file, DecideOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var withTables = options with { Lookups = file.Lookups is { } own ? Tables(options, own) : options.Lookups };
        foreach (var one in file.Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Run(logic, one, withTables, time);
        }
    }

    // Destinations are configured, whatever tables a file brings.
    private static LookupTables Tables(DecideOptions options, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> own) =>
        (options.Lookups is LookupTables configured ? configured.WithTables(LookupTables.From(own)) : LookupTables.From(own)).WithAnswers([KeyValuePair.Create(ValueNames.Prefix, "")]);

    private static LogicCaseResult Run(CompiledLogic logic, LogicCase one, DecideOptions options, TimeProvider time)
    {
        var result = Decider.Decide(logic, one.Call.ToRequest(time.GetUtcNow()), options);
        if (result.Failure is { } failure)
        {
            string cause = WireName.Of(failure.Cause);
            return new LogicCaseResult(one, cause == one.Fails ? [] : [$"expected {Wanted(one)}, but the decision failed, {cause}: {failure.Message}"], null);
        }

        var document = new DecisionDocument { Flow = result.Flow, State = result.State, Reason = result.Reason, Steps = result.Steps };
        string text = DecisionJson.Write(document, indented: true);
        using var json = JsonDocument.Parse(text);
        var differences = one.Expected is { } expected ? JsonDifferences.Of(expected, json.RootElement) : [];
        if (one.Fails is not null)
            differences = [$"expected {Wanted(one)}, but a decision was taken"];
        return new LogicCaseResult(one, differences, text);
    }

    private static string Wanted(LogicCase one) => one.Fails is { } cause ? $"that it fails, {cause}" : "a decision";
}
