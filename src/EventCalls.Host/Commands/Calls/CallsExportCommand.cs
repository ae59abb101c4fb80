using System.CommandLine;
using System.Globalization;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls export</c>: calls with their events, the oldest first, as they are read: memory does not grow with their number.</summary>
internal static class CallsExportCommand
{
    private const string StandardOutput = "-";
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(2);

    public static Command Create(CommandContext context)
    {
        var command = new Command("export", "Writes calls with their events, the oldest first, one JSON object a line.");
        var filters = new CallFilterOptions(command, limit: null);
        var output = new Option<string>("--output")
        {
            Description = "The file to write, replaced when it exists; - for standard output.",
            HelpName = "FILE",
            DefaultValueFactory = _ => StandardOutput,
        };
        output.Aliases.Add("-o");
        command.Add(output);
        // What it writes is JSON anyway; the option is there because every command has it.
        JsonOption.AddTo(command, "Changes nothing: the export is JSON.");
        command.SetAction((result, ct) => RunAsync(context, filters.Query(result), result.GetValue(output)!, ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CallQuery query, string output, CancellationToken ct)
    {
        await using var store = ConfiguredStore.Open(context);
        if (output == StandardOutput)
        {
            long written = await CallExport.WriteAsync(store, query, context.Out, _ => { }, ct).ConfigureAwait(false);
            if (written == 0)
                context.Error.WriteLine($"No call in {store.Description} matches; nothing was written.");
            return ExitCodes.Done;
        }
        try
        {
            return await ToFileAsync(context, store, query, output, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"--output is '{output}'; it cannot be written: {e.Message} Name a file in a folder that exists and that you may write to.");
            return ExitCodes.NotSo;
        }
    }

    private static async Task<int> ToFileAsync(CommandContext context, ICallStore store, CallQuery query, string output, CancellationToken ct)
    {
        long last = context.Time.GetTimestamp();
        long count = await CallExport.ToFileAsync(store, query, Path.GetFullPath(output, context.Folder), Progress, ct).ConfigureAwait(false);
        context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} calls written to {output}."));
        return ExitCodes.Done;

        void Progress(long calls)
        {
            if (context.Time.GetElapsedTime(last) < s_progressEvery)
                return;
            last = context.Time.GetTimestamp();
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls …"));
        }
    }
}
