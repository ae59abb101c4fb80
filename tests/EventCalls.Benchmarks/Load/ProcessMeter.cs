using System.Globalization;

namespace EventCalls.Benchmarks.Load;

/// <summary>Reads what a process has used from <c>/proc</c>.</summary>
internal static class ProcessMeter
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double MillisecondsPerTick = 10;

    /// <summary>User and system time of the process, milliseconds.</summary>
    public static double CpuMilliseconds(int id) => Stat(id) is { } fields
        ? (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MillisecondsPerTick
        : 0;

    /// <summary>Resident memory, MiB.</summary>
    public static long ResidentMiB(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The processes below a service in which logic decides.</summary>
    public static IEnumerable<int> Deciders(int service) => Below(service, "dotnet").Concat(Below(service, "eventcalls"));

    /// <summary>User and system time of a service with its deciders, milliseconds.</summary>
    public static double CpuOfService(int service) => CpuMilliseconds(service) + Deciders(service).Sum(CpuMilliseconds);

    /// <summary>The processes below one, at any depth, whose program has this name.</summary>
    public static IReadOnlyList<int> Below(int ancestor, string name)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Fields: Stat(id), Name: Name(id)))
            .Where(p => p.Fields is not null)
            .Select(p => (p.Id, p.Name, Parent: int.Parse(p.Fields![1], CultureInfo.InvariantCulture)))
            .ToLookup(p => p.Parent);
        var found = new List<int>();
        var open = new Queue<int>([ancestor]);
        while (open.TryDequeue(out int parent))
        {
            foreach (var child in all[parent])
            {
                open.Enqueue(child.Id);
                if (child.Name == name)
                    found.Add(child.Id);
            }
        }
        return found;
    }

    // What follows the name in parentheses, which itself may hold blanks: the state first.
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Name(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
