using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using EventCalls.Host.Commands.Calls;
using EventCalls.Host.Configuration;
using EventCalls.Replay.Histories;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls history</c>: past calls in a file that others can replay.</summary>
internal static class HistoryCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write, replaced when it exists." };
        var anonymize = new Option<bool>("--anonymize") { Description = "Puts tokens in place of who called; how a number begins is kept." };
        var digits = WholeNumber.Option("--keep-digits", "How many digits of a number are kept at its beginning, 0 to 15; 4 when left out.", "a whole number, 0 to 15", 0, 15);
        var headers = new Option<string[]>("--keep-header") { Description = "A header whose values stay but for numbers in them, such as X-Tier; * for all; may be given several times.", HelpName = "NAME", Arity = ArgumentArity.OneOrMore };
        var key = new Option<string?>("--key-file") { Description = "The secret that tokens are made with, 16 bytes or more: the same one gives the same tokens. Another one for each file when left out.", HelpName = "FILE" };
        var export = new Command("export", "Writes calls with the logic that decided them into a file that 'eventcalls replay --history' reads without a store.") { file, anonymize, digits, headers, key };
        var filters = new CallFilterOptions(export, limit: null);
        export.SetAction((parsed, ct) =>
        {
            if (!parsed.GetValue(anonymize) && new Option[] { digits, headers, key }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } alone)
                throw new SettingsException([$"{alone.Name} says how callers are made unknown; give --anonymize with it, or leave it out"]);
            string path = parsed.GetValue(file)!;
            if (string.IsNullOrWhiteSpace(path))
                throw new SettingsException(["FILE is empty; name the file to write"]);
            var options = parsed.GetValue(anonymize) ? Options(context, parsed.GetValue(digits) ?? 4, parsed.GetValue(headers) ?? [], parsed.GetValue(key)) : null;
            return ExportAsync(context, path, filters, parsed, options, ct);
        });
        return new Command("history", "Past calls in a file that others can replay.") { export };
    }

    private static async Task<int> ExportAsync(CommandContext context, string path, CallFilterOptions filters, ParseResult parsed, AnonymizerOptions? options, CancellationToken ct)
    {
        Anonymizer? anonymizer = null;
        try
        {
            anonymizer = options is null ? null : new Anonymizer(options);
        }
        catch (ArgumentException e)
        {
            throw new SettingsException([$"--anonymize: {e.Message.Split(" (Parameter", 2)[0]}"]);
        }
        await using var store = ConfiguredStore.Open(context);
        try
        {
            long calls = await HistoryExport.ToFileAsync(store, filters.Query(parsed), Path.GetFullPath(path, context.Folder), anonymizer, context.Time.GetUtcNow(), ct).ConfigureAwait(false);
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls written to {path}{(anonymizer is null ? ", with the callers' numbers and all headers; --anonymize puts tokens in their place" : "")}."));
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"FILE is '{path}'; it cannot be written: {e.Message} Name a file in a folder that exists and that you may write to.");
            return ExitCodes.NotSo;
        }
    }

    private static AnonymizerOptions Options(CommandContext context, int digits, string[] headers, string? key)
    {
        try
        {
            return new AnonymizerOptions { Key = key is null ? RandomNumberGenerator.GetBytes(32) : File.ReadAllBytes(Path.GetFullPath(key, context.Folder)), KeptDigits = digits, KeptHeaders = headers };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"--key-file is '{key}'; {e.Message} Name a file with 16 bytes or more."]);
        }
    }
}
