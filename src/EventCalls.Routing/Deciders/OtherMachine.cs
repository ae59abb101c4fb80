namespace EventCalls.Routing.Deciders;

/// <summary>A decider on which everything is different that machines differ in, as far as it goes on one: what comes out otherwise there depended on it.</summary>
public static class OtherMachine
{
    /// <summary>Set in its environment: what a process counts from its beginning, it counts from elsewhere.</summary>
    internal const string Variable = "EVENTCALLS_OTHER_MACHINE";

    private const string OtherZones = "/usr/share/zoneinfo/posix";

    private static readonly string[] s_zones = ["Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"];
    private static readonly Lazy<string[]> s_elsewhere = new(() => [.. s_zones.Where(ZoneElsewhere.Is)]);

    /// <summary>The same decider as on another machine. The seed of string hashes differs in every process by itself.</summary>
    /// <param name="options">As on this machine.</param>
    /// <param name="which">Which other machine: each has a time zone of its own.</param>
    public static DeciderProcessOptions Of(DeciderProcessOptions options, int which = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        // The same rules at another place, where there are some.
        string zonesHere = Environment.GetEnvironmentVariable("TZDIR") ?? "/usr/share/zoneinfo";
        string otherZones = zonesHere == OtherZones ? "/usr/share/zoneinfo" : OtherZones;
        var zones = Directory.Exists(otherZones) ? new Dictionary<string, string> { ["TZDIR"] = otherZones } : [];
        string home = Environment.GetEnvironmentVariable("HOME") == Path.GetTempPath() ? "/" : Path.GetTempPath();
        return options with
        {
            MemoryMb = options.MemoryMb + (options.MemoryMb / 2),
            WorkingFolder = Path.GetTempPath(),
            Environment = new Dictionary<string, string>(options.Environment.Concat(zones))
            {
                ["TZ"] = s_elsewhere.Value[which % s_elsewhere.Value.Length],
                [Variable] = "1",
                ["LANG"] = "tr_TR.UTF-8",
                ["LC_ALL"] = "tr_TR.UTF-8",
                ["HOME"] = home,
                ["USER"] = "somebody-else",
                // The GNU C library's mathematics for a processor that cannot multiply and add at once: its last digit is another one's. Names of before and since 2.33.
                ["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-FMA_Usable,-FMA4_Usable,-FMA,-FMA4",
                ["DOTNET_PROCESSOR_COUNT"] = Environment.ProcessorCount == 3 ? "5" : "3",
            },
        };
    }
}
