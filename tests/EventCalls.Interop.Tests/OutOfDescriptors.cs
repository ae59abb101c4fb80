using System.Net;
using System.Net.Sockets;
using System.Text;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

public class OutOfDescriptors
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_process_without_descriptors_waits_for_some_and_takes_connections_again()
    {
        var settings = new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            More = new Dictionary<string, string> { ["Sip__Tcp__MaxConnectionsPerSource"] = "500" },
        };
        await using var service = await EventCallsProcess.StartAsync(settings);
        await LimitAsync(service.Id, Directory.GetFileSystemEntries($"/proc/{service.Id}/fd").Length + 8);
        var connections = new List<TcpClient>();
        for (int i = 0; i < 60; i++)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(IPEndPoint.Parse(service.SipAddress)).WaitAsync(s_patience);
            connections.Add(connection);
        }
        // The connection or the thread that is to read it, whichever finds no descriptor first.
        bool IsSaid(string line) =>
            line.Contains("Taking connections on", StringComparison.Ordinal) || line.Contains("no thread can be started", StringComparison.Ordinal);
        await UntilAsync(() => Task.FromResult(service.Describe().Split('\n').Any(IsSaid)));

        // A loop that tries at once, again and again, would use a whole processor.
        var before = ProcessorTime(service.Id);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(2_000);
        var used = ProcessorTime(service.Id) - before;
        Assert.True(used < clock.Elapsed / 2, $"{used.TotalMilliseconds:0} ms of processor time in {clock.ElapsedMilliseconds} ms");
        Assert.InRange(service.Describe().Split('\n').Count(IsSaid), 1, 2);
        Assert.False(service.Exited.IsCompleted);

        await LimitAsync(service.Id, 4_096);
        await UntilAsync(() => AnswersAsync(service));
        connections.ForEach(c => c.Dispose());
    }

    private static async Task LimitAsync(int process, int descriptors)
    {
        await using var command = ChildProcess.Start("prlimit", ["--pid", $"{process}", $"--nofile={descriptors}:"]);
        Assert.True(await command.Exited.WaitAsync(s_patience) == 0, command.Describe());
    }

    private static TimeSpan ProcessorTime(int id)
    {
        using var process = System.Diagnostics.Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    private static async Task<bool> AnswersAsync(EventCallsProcess service)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPEndPoint.Parse(service.SipAddress)).WaitAsync(s_patience);
        string text = $"OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP {client.Client.LocalEndPoint};branch=z9hG4bKo\r\nMax-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=a\r\n"
            + "To: <sip:x@127.0.0.1>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
        var buffer = new byte[1_024];
        using var patience = new CancellationTokenSource(s_patience);
        int read = await client.GetStream().ReadAsync(buffer, patience.Token);
        return Encoding.ASCII.GetString(buffer, 0, read).StartsWith("SIP/2.0 200", StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await condition())
            await Task.Delay(50, patience.Token);
    }
}
