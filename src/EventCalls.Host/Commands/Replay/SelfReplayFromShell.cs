using EventCalls.Contracts;
using EventCalls.Replay.Nightly;
using EventCalls.Replay.Reports;
using EventCalls.Routing;
using EventCalls.Routing.Deciders;
using EventCalls.Store;

namespace EventCalls.Host.Commands.Replay;

/// <summary>What <c>eventcalls replay --self</c> was asked for.</summary>
/// <param name="From">Calls that started from then on; null for yesterday, or the day before <paramref name="To"/>.</param>
/// <param name="To">Calls that started before; null for yesterday, or until now.</param>
/// <param name="Threads">How many calls at the same time.</param>
/// <param name="Isolation">Where the versions run; null for what is configured.</param>
/// <param name="Json">Where the result goes as JSON; null for nowhere, <c>-</c> for standard output.</param>
internal sealed record SelfReplayRequest(DateTimeOffset? From = null, DateTimeOffset? To = null, int? Threads = null, LogicIsolation? Isolation = null, string? Json = null);

/// <summary>Decides past calls again by the very versions that had decided them, as it is done every night.</summary>
internal static class SelfReplayFromShell
{
    /// <summary>Does it, says what came of it, and gives the exit code: 1 when a call comes out otherwise.</summary>
    public static async Task<int> RunAsync(CommandContext context, SelfReplayRequest request, CancellationToken ct)
    {
        using var json = request.Json is { } file ? new ReportFile("--json", file, context.Folder, context.Out) : null;
        await using var store = ConfiguredStore.Open(context);
        NightlyResult result;
        try
        {
            result = await DecideAsync(context, store, request, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync("Stopped before all calls were decided; nothing can be said of them.").ConfigureAwait(false);
            return ExitCodes.Interrupted;
        }
        json?.Write(result, HostJson.Default.NightlyResult);
        if (request.Json != "-")
        {
            context.Out.WriteLine(PlainText.Of(result.ToString()));
            foreach (var example in result.Examples)
                context.Out.WriteLine(PlainText.Of($"  {example.CallId:D}  {LogicVersionName.Short(example.Version)}  {example.What}"));
        }
        return result.NotSame > 0 ? ExitCodes.NotSo : ExitCodes.Done;
    }

    private static Task<NightlyResult> DecideAsync(CommandContext context, ICallStore store, SelfReplayRequest request, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        var now = context.Time.GetUtcNow();
        var (from, to) = settings.Nightly.Yesterday(now);
        if (request is not { From: null, To: null })
            (from, to) = (request.From ?? request.To!.Value.AddDays(-1), request.To ?? now);
        var deciders = DeciderChoice.Of(settings.Router with { Isolation = request.Isolation ?? settings.Router.Isolation }, settings.Lookups);
        var options = settings.Replay(deciders) with { Threads = request.Threads ?? Environment.ProcessorCount };
        return new SelfReplay(store, (files, token) => DeciderChoice.CompileAsync(deciders, files, context.Time, token), options, context.Time).RunAsync(from, to, ct);
    }
}
