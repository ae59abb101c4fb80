using EventCalls.Host.Configuration;

namespace EventCalls.Host.Commands.Replay;

/// <summary>Where a report goes.</summary>
internal static class ReplayOutput
{
    /// <summary>Opens a file, or standard output for <c>-</c>; before the calls are decided, so that a wrong name is known at once.</summary>
    /// <exception cref="SettingsException">It cannot be written.</exception>
    public static Stream Open(CommandContext context, string file)
    {
        if (file == "-")
            return new TextWriterStream(context.Out);
        try
        {
            return new FileStream(Path.GetFullPath(file, context.Folder), FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"'{file}' cannot be written: {e.Message} Name a file in a folder that exists and that you may write to."]);
        }
    }
}
