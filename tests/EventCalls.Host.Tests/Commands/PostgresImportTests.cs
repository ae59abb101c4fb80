using EventCalls.Host.Commands;
using EventCalls.Testing;

namespace EventCalls.Host.Tests.Commands;

public class PostgresImportTests
{
    [Fact]
    public async Task Calls_are_stored_once_in_PostgreSQL_whatever_bytes_their_headers_hold()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var run = new CommandRun();
        run.Configure("Store:Postgres", server.ConnectionString);
        string id = $"{Guid.NewGuid():N}@carrier";
        var wire = new WireCall(CaptureBytes.Pcap())
            .Request(WireCall.Carrier, WireCall.Us, "INVITE", id, more: "X-Odd: a\u0001b\u00fc\ud83d\ude00\\\"\r\nSubject: \u2028\r\n")
            .Response(WireCall.Us, WireCall.Carrier, "486 Busy \u00e4", callId: id);
        string path = Path.Combine(run.Folder, "a.pcap");
        await File.WriteAllBytesAsync(path, wire.Bytes);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", path));
        Assert.Contains("1: 1 stored, 0 were there already", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("import", path));
        Assert.Contains("1: 0 stored, 1 was there already", run.Out, StringComparison.Ordinal);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("calls", "show", id));
        Assert.Contains("imported from a.pcap", run.Out, StringComparison.Ordinal);
    }
}
