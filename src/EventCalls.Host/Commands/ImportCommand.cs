using System.CommandLine;
using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Host.Commands.Import;
using EventCalls.Import;
using EventCalls.Import.Calls;
using EventCalls.Store;
using EventCalls.Terminal;

namespace EventCalls.Host.Commands;

/// <summary><c>eventcalls import</c>: past calls out of captures and tables, into the event store.</summary>
internal static class ImportCommand
{
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(2);

    public static Command Create(CommandContext context)
    {
        var command = new Command("import", "Takes past calls from captures (pcap, pcapng) and tables (CSV) into the event store, so that they can be searched and replayed.\n\nA call is stored once, however often its file is imported. The columns of a table are described in docs/import.md.");
        var arguments = new ImportArguments(command);
        var json = JsonOption.AddTo(command, "One JSON object.");
        command.SetAction((result, ct) => RunAsync(context, arguments.Read(result), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ImportRequest request, bool json, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var options = new ImportOptions
        {
            Files = request.Files,
            Perspective = new Perspective(request.Trunk, request.Ours, [.. settings.Telephony.Trunks.Select(t => new KnownTrunk(t.Name, t.From, t.To))]),
            Csv = request.Csv,
            IsDryRun = request.IsDryRun,
        };
        await using var configured = ConfiguredStore.Open(context);
        var store = await ReadyAsync(configured, request.IsDryRun, ct).ConfigureAwait(false);
        long last = context.Time.GetTimestamp();
        ImportResult result;
        try
        {
            result = await new ImportRun(options, store, Progress).RunAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"{e.Message} Name files that exist and that you may read.");
            return ExitCodes.BadUsage;
        }
        if (json)
            new JsonLines(context.Out).Write(new ImportObject(result, request.IsDryRun, configured.Description), ImportJson.Default.ImportObject);
        else
            ImportView.Write(Screen.On(context.Out), Screen.On(context.Error), result, request.IsDryRun, request.Ours.Count > 0, configured.Description);
        return result.Files.Any(file => file.WasRead) ? ExitCodes.Done : ExitCodes.NotSo;

        void Progress(ImportProgress progress)
        {
            if (json || context.Time.GetElapsedTime(last) < s_progressEvery)
                return;
            last = context.Time.GetTimestamp();
            context.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.File}: {100.0 * progress.Bytes / Math.Max(1, progress.TotalBytes):0} % of {progress.TotalBytes / 1e6:0.0} MB, {progress.Calls} calls …"));
        }
    }

    // A dry run looks into a store that is there, and makes none.
    private static async Task<ICallStore?> ReadyAsync(ICallStore store, bool isDryRun, CancellationToken ct)
    {
        if (!isDryRun)
        {
            await store.MigrateAsync(ct).ConfigureAwait(false);
            return store;
        }
        try
        {
            await store.PingAsync(ct).ConfigureAwait(false);
            return store;
        }
        catch (StoreUnreachableException)
        {
            return null;
        }
    }
}
