using EventCalls.Host.Configuration;
using EventCalls.Replay;
using EventCalls.Replay.Reports;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Where a report goes.</summary>
internal static class ReplayOutput
{
    private const string StandardOutput = "-";

    /// <summary>Looks, before the calls are decided, whether what was named can be written, so that a wrong name is known at once.</summary>
    /// <exception cref="SettingsException">It cannot be written, or two reports would share standard output.</exception>
    public static void Check(CommandContext context, IReadOnlyList<string?> files)
    {
        if (files.Count(file => file == StandardOutput) > 1)
            throw new SettingsException(["'-' is given twice; standard output can take one report, write the other one to a file"]);
        foreach (string file in files.OfType<string>().Where(file => file != StandardOutput))
            Open(context, file, FileMode.OpenOrCreate).Dispose();
    }

    /// <summary>Writes everything that was asked for.</summary>
    public static void Write(CommandContext context, ReplayRequest request, ReplayProgressState state, ReplayRun run, IReadOnlyList<string> tripped)
    {
        var report = state.Report.Build(run);
        if (request.Json is { } json)
        {
            using var stream = Open(context, json, FileMode.Create);
            ReportJson.Write(stream, report, state.Report.Changes);
        }
        if (request.Csv is { } csv)
        {
            using var stream = Open(context, csv, FileMode.Create);
            ReportCsv.Write(stream, state.Report.Changes);
        }
        if (!request.IsOutputTaken)
            ReplayView.Write(context, state.Totals, run);
        foreach (string rule in tripped)
            context.Error.WriteLine($"Failed: {PlainText.Of(rule)}");
    }

    private static Stream Open(CommandContext context, string file, FileMode mode)
    {
        if (file == StandardOutput)
            return new TextWriterStream(context.Out);
        try
        {
            return new FileStream(Path.GetFullPath(file, context.Folder), mode, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"'{file}' cannot be written: {e.Message} Name a file in a folder that exists and that you may write to."]);
        }
    }
}
