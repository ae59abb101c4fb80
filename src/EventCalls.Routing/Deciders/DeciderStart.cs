using System.Diagnostics;
using System.Globalization;

namespace EventCalls.Routing.Deciders;

/// <summary>Starts the process of a decider.</summary>
internal static class DeciderStart
{
    // What a program needs to run at all. The rest stays here: settings and passwords are no business of routing logic.
    private static readonly string[] s_kept = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LD_LIBRARY_PATH", "TZ", "TZDIR"];

    public static Process Start(DeciderProcessOptions options, string mark)
    {
        var start = new ProcessStartInfo(options.Command.FileName)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingFolder ?? Path.GetPathRoot(AppContext.BaseDirectory),
        };
        foreach (string argument in options.Command.Arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(mark);
        start.ArgumentList.Add(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var inherited = start.Environment.Where(v => IsKept(v.Key)).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in inherited)
            start.Environment[name] = value;
        start.Environment["DOTNET_GCHeapHardLimit"] = ((long)options.MemoryMb << 20).ToString("x", CultureInfo.InvariantCulture);
        // One thread decides; collections beside it would be a second one.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        // A decider that dies is expected to; no dump of it is looked at.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in options.Environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"'{options.Command.FileName}' cannot be started.");
    }

    private static bool IsKept(string name) =>
        s_kept.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase);
}
