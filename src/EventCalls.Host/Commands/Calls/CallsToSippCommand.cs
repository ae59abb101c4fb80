using System.CommandLine;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Sipp;

namespace EventCalls.Host.Commands.Calls;

/// <summary><c>eventcalls calls to-sipp ID</c>: a recorded call as SIPp scenarios that play it again, and the events to expect.</summary>
internal static class CallsToSippCommand
{
    public static Command Create(CommandContext context)
    {
        var id = RecordedStream.Argument();
        var command = new Command("to-sipp", "Writes a past call as SIPp scenarios that play it again, and the events to expect of it.") { id };
        var folder = new Option<string?>("--out") { Description = "The folder to write to, new or empty; sipp-ID in the working folder when left out.", HelpName = "DIR" };
        command.Add(folder);
        var json = JsonOption.AddTo(command, "One JSON object: the folder and the files.");
        command.SetAction((result, ct) => RunAsync(context, result.GetValue(id)!, result.GetValue(folder), result.GetValue(json), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string id, string? name, bool asJson, CancellationToken ct)
    {
        var settings = context.LoadSettings();
        await using var store = ConfiguredStore.Open(context);
        if (await RecordedStream.FindAsync(context, store, id, ct).ConfigureAwait(false) is not { } call
            || RecordedStream.Playable(context, call) is not { } recording)
        {
            return ExitCodes.NotSo;
        }
        name ??= $"sipp-{call.Call.CallId:D}";
        string folder = Path.GetFullPath(name, context.Folder);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            context.Error.WriteLine($"--out is '{name}', and something is there already. Name a folder that is new or empty.");
            return ExitCodes.NotSo;
        }
        var version = recording.Events.OfType<FlowSelected>().LastOrDefault()?.LogicVersion;
        var logic = version is null ? null : await store.FindLogicVersionAsync(version, ct).ConfigureAwait(false);
        IReadOnlyList<string> files;
        try
        {
            Directory.CreateDirectory(folder);
            files = SippFiles.Write(folder, recording, ForkOptions.For(recording, settings.Fork, []).NotifyGraceMs, logic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"--out is '{name}'; it cannot be written: {e.Message} Name a folder you may write to.");
            return ExitCodes.NotSo;
        }
        if (asJson)
            new JsonLines(context.Out).Write(SippObject.Of(recording, folder, files), SippJson.Default.SippObject);
        else
            WritePlain(context, folder, files);
        return ExitCodes.Done;
    }

    private static void WritePlain(CommandContext context, string folder, IReadOnlyList<string> files)
    {
        foreach (string file in files)
            context.Out.WriteLine(PlainText.Of(Path.Combine(folder, file)));
        context.Error.WriteLine($"README.md there says how to start a service for it; then {PlainText.Of(Path.Combine(folder, "run.sh"))} plays the call.");
    }
}
