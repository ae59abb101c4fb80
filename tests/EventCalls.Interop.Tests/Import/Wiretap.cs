using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Import;

/// <summary>A running capture of the loopback interface (dumpcap, of Debian package <c>tshark</c>), limited to some ports.</summary>
internal sealed class Wiretap : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly string _folder;
    private readonly ChildProcess _process;

    private Wiretap(string folder, ChildProcess process, string file) => (_folder, _process, File) = (folder, process, file);

    /// <summary>What it writes.</summary>
    public string File { get; }

    /// <summary>Starts it; what is sent when this returns is captured.</summary>
    /// <param name="name">The name of the file; the ending says the format, <c>pcap</c> or <c>pcapng</c>.</param>
    /// <param name="ports">The ports.</param>
    public static Task<Wiretap> StartAsync(string name, params int[] ports) => StartAsync(name, string.Join(" or ", ports.Select(port => $"port {port}")));

    /// <summary>Starts one of a range of ports and one beside it.</summary>
    public static Task<Wiretap> OfRangeAsync(string name, int first, int last, int port) => StartAsync(name, $"portrange {first}-{last} or port {port}");

    private static async Task<Wiretap> StartAsync(string name, string filter)
    {
        var folder = Directory.CreateTempSubdirectory("eventcalls-wiretap-").FullName;
        string file = Path.Combine(folder, name);
        var process = ChildProcess.Start(
            "dumpcap", ["-p", "-i", "lo", "-f", filter, .. name.EndsWith(".pcap", StringComparison.Ordinal) ? (string[])["-P"] : [], "-w", file], folder: folder);
        var tap = new Wiretap(folder, process, file);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!process.Errors.Contains("File: ", StringComparison.Ordinal))
        {
            if (process.Exited.IsCompleted || clock.Elapsed > s_limit)
            {
                string what = process.Describe();
                await tap.DisposeAsync();
                throw new InvalidOperationException($"dumpcap (Debian package tshark) does not capture; it has to be root, or may capture.\n{what}");
            }
            await Task.Delay(20);
        }
        return tap;
    }

    /// <summary>Ends the capture; the file is complete when this returns.</summary>
    public async Task StopAsync()
    {
        // Packets reach it in batches.
        await Task.Delay(TimeSpan.FromSeconds(1));
        _process.Terminate();
        await _process.Exited.WaitAsync(s_limit);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
