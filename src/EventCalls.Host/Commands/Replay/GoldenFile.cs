using EventCalls.Host.Configuration;
using EventCalls.Replay.Gate;

namespace EventCalls.Host.Commands.Replay;

/// <summary>The file of calls that must not change.</summary>
internal static class GoldenFile
{
    /// <summary>Reads it; nothing for no file.</summary>
    /// <exception cref="SettingsException">It cannot be read.</exception>
    public static IReadOnlyList<GoldenCall> Read(CommandContext context, string? file)
    {
        if (file is null)
            return [];
        try
        {
            return GoldenCall.Read(File.ReadLines(Path.GetFullPath(file, context.Folder)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingsException([$"--golden is '{file}'; {e.Message}"]);
        }
    }
}
