using System.Globalization;

namespace EventCalls.Sip.Transport;

/// <summary>The process that has a port, as Linux tells in <c>/proc</c>.</summary>
public sealed record PortHolder(int ProcessId, string Name)
{
    private const string Listening = "0A";

    /// <summary>Finds it; null when it is not known, or belongs to another user.</summary>
    public static PortHolder? Find(int port, bool isTcp)
    {
        var sockets = Sockets(isTcp ? ["/proc/net/tcp", "/proc/net/tcp6"] : ["/proc/net/udp", "/proc/net/udp6"], port, isTcp);
        if (sockets.Count == 0)
            return null;
        foreach (var folder in Entries("/proc", folders: true))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && Entries(Path.Combine(folder, "fd"), folders: false).Any(fd => sockets.Contains(TargetOf(fd))))
                return new PortHolder(id, NameOf(folder));
        }
        return null;
    }

    // Columns: sl local_address rem_address st … and the inode in the tenth; addresses as hex, ADDRESS:PORT.
    private static HashSet<string> Sockets(string[] tables, int port, bool isTcp)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        string ending = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        foreach (var table in tables)
        {
            if (!File.Exists(table))
                continue;
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[1].EndsWith(ending, StringComparison.Ordinal) && (!isTcp || columns[3] == Listening))
                    found.Add($"socket:[{columns[9]}]");
            }
        }
        return found;
    }

    private static string[] Entries(string folder, bool folders)
    {
        try
        {
            return folders ? Directory.GetDirectories(folder) : Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another user's.
            return [];
        }
    }

    private static string TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // A .NET program may run under the name of its runtime; its own name is that of the library it was started with.
    private static string NameOf(string folder)
    {
        try
        {
            var arguments = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            var program = arguments.Length == 0 ? File.ReadAllText(Path.Combine(folder, "comm")).Trim() : Path.GetFileName(arguments[0]);
            if (program == "dotnet" && arguments.FirstOrDefault(a => a.EndsWith(".dll", StringComparison.Ordinal)) is { } library)
                program = Path.GetFileNameWithoutExtension(library);
            return program;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "a process without a name";
        }
    }
}
