using System.Globalization;
using EventCalls.Contracts.Findings;
using EventCalls.Store.Spooling;

namespace EventCalls.Store.Checks;

/// <summary>What waits in the folder where events are kept until the store or the broker has them.</summary>
public static class SpoolCheck
{
    /// <summary>Looks at the folder; changes nothing there.</summary>
    public static Finding Run(SpoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Directory.Exists(options.Folder))
            return Finding.Ok("spool", $"{options.Folder}: is made at the start.");
        try
        {
            var files = new DirectoryInfo(options.Folder).GetFiles("*.spool");
            return files.Length == 0
                ? Finding.Ok("spool", $"{options.Folder}: nothing waits.")
                : Finding.Ok("spool", string.Create(CultureInfo.InvariantCulture, $"{options.Folder}: {files.Length} files of together {files.Sum(f => f.Length) / 1024.0 / 1024.0:0.0} MiB, sent by the service that runs or the next one."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Failed("spool", $"{options.Folder}: {e.Message}", "Give this user the right to read it, or name another folder in EventCalls:Store:Spool.", FindingFault.Configuration);
        }
    }
}
