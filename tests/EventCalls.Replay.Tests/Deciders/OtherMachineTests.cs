using System.Diagnostics;
using System.Text.Json;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciders.Child;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>A replay on what is another machine as far as a process can tell.</summary>
public sealed class OtherMachineTests : IDisposable
{
    private const string OtherZones = "/usr/share/zoneinfo/posix";

    // In a mount namespace of its own, with a copy of /etc that has no time zone.
    private const string WithoutLocalTime = "set -e; cp -a /etc/. \"$1\"; rm -f \"$1/localtime\" \"$1/timezone\"; mount --bind \"$1\" /etc; shift; exec \"$@\"";

    private readonly string _folder = Directory.CreateTempSubdirectory("eventcalls-machine-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task In_another_time_zone_and_language_with_another_heap_and_folder_the_verdicts_are_the_same_and_no_cheat_is_believed()
    {
        var there = await VerdictsAsync(isWithoutLocalTime: false, start =>
        {
            start.Environment["TZ"] = "Pacific/Apia";
            if (Directory.Exists(OtherZones))
                start.Environment["TZDIR"] = OtherZones;
            start.Environment["LANG"] = start.Environment["LC_ALL"] = "tr_TR.UTF-8";
            start.Environment["DOTNET_GCHeapHardLimit"] = "30000000";
        });

        var here = Machine.Here();
        Assert.Equal(("13", "tr_TR.UTF-8", _folder), (there.Machine.TimeZone, there.Machine.Language, there.Machine.Folder));
        Assert.NotEqual((here.Heap, here.HashOfX), (there.Machine.Heap, there.Machine.HashOfX));
        Assert.Equal(await MachineVerdicts.OfHistoriesAsync(), there.Verdicts);
    }

    [Fact]
    public async Task Without_a_time_zone_of_the_machine_and_without_cultures_the_verdicts_are_the_same_and_no_cheat_is_believed()
    {
        bool isPossible = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

        var there = await VerdictsAsync(isPossible, start =>
        {
            start.Environment.Remove("TZ");
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        });

        Assert.Equal(isPossible, !there.Machine.HasLocalTime);
        Assert.Equal(await MachineVerdicts.OfHistoriesAsync(), there.Verdicts);
    }

    private async Task<(Machine Machine, string[] Verdicts)> VerdictsAsync(bool isWithoutLocalTime, Action<ProcessStartInfo> isOtherwise)
    {
        var program = DeciderCommand.OfAssembly(typeof(OtherMachineTests).Assembly.Location);
        string[] command = [program.FileName, .. program.Arguments.Where(a => a != DeciderProgram.Command), MachineVerdicts.Command];
        if (isWithoutLocalTime)
            command = ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c", WithoutLocalTime, "sh", Directory.CreateDirectory(Path.Combine(_folder, "etc")).FullName, .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        isOtherwise(start);
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (JsonSerializer.Deserialize<Machine>(lines[0])!, lines[1..]);
    }
}
