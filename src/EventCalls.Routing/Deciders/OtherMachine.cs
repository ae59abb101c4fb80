namespace EventCalls.Routing.Deciders;

/// <summary>A decider on which everything is different that machines differ in, as far as it goes on one: what comes out otherwise there depended on it.</summary>
public static class OtherMachine
{
    private const string OtherZones = "/usr/share/zoneinfo/posix";

    private static readonly string[] s_zones = ["Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];

    /// <summary>The same decider as on another machine. The seed of string hashes differs in every process by itself.</summary>
    /// <param name="options">As on this machine.</param>
    /// <param name="which">Which other machine: each has a time zone of its own.</param>
    public static DeciderProcessOptions Of(DeciderProcessOptions options, int which = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The same rules at another place, where there are some.
        var zones = Directory.Exists(OtherZones) ? new Dictionary<string, string> { ["TZDIR"] = OtherZones } : [];
        return options with
        {
            MemoryMb = options.MemoryMb + (options.MemoryMb / 2),
            WorkingFolder = Path.GetTempPath(),
            Environment = new Dictionary<string, string>(options.Environment.Concat(zones))
            {
                ["TZ"] = s_zones[which % s_zones.Length],
                ["LANG"] = "tr_TR.UTF-8",
                ["LC_ALL"] = "tr_TR.UTF-8",
                ["HOME"] = Path.GetTempPath(),
                ["USER"] = "somebody-else",
                ["DOTNET_PROCESSOR_COUNT"] = "3",
            },
        };
    }
}
