using System.Net.Sockets;

namespace EventCalls.Console.Tests;

public sealed class ConnectionTests : IDisposable
{
    private readonly List<TcpClient> _clients = [];

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Fact]
    public async Task More_half_sent_heads_than_connections_that_may_be_open_keep_nobody_out()
    {
        await using var console = await ServedStore.StartAsync();
        for (int i = 0; i < 560; i++)
            await HalfAsync(console);

        // The first ones made room, without waiting for their heads to time out.
        Assert.Equal("", await LineAsync(_clients[0]));
        Assert.Equal("""{"status":"live"}""", await console.Client.GetStringAsync("/health/live"));
        await console.Client.GetStringAsync("/metrics");
        await console.Client.JsonAsync("/api/calls");
        // And whoever is slow only a little is answered.
        await _clients[^1].GetStream().WriteAsync("\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200 ", await LineAsync(_clients[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_being_answered_keeps_its_connection_however_many_come()
    {
        await using var console = await ServedStore.StartAsync(o => o with { MaxConnections = 3 });
        using var live = new StreamReader(await console.Client.GetStreamAsync("/api/live"));
        Assert.Equal("event: up", await live.ReadLineAsync());
        for (int i = 0; i < 20; i++)
            await HalfAsync(console);
        Assert.Equal("", await LineAsync(_clients[0]));

        await console.AppendAsync(RecordedCalls.Open().Events);
        while (await live.ReadLineAsync() != "event: calls")
        {
        }
    }

    [Fact]
    public async Task Where_requests_keep_all_connections_a_further_one_is_closed_until_one_is_free()
    {
        await using var console = await ServedStore.StartAsync(o => o with { MaxConnections = 1 });
        using (var live = new StreamReader(await console.Client.GetStreamAsync("/api/live")))
        {
            Assert.Equal("event: up", await live.ReadLineAsync());
            var further = await HalfAsync(console);
            Assert.Equal("", await LineAsync(further));
        }
        while (true)
        {
            // The server hears a moment later that nobody listens any more.
            var again = await HalfAsync(console, "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            if (await LineAsync(again) == "HTTP/1.1 200 OK")
                return;
        }
    }

    [Fact]
    public async Task What_needs_no_key_keeps_no_connection_by_being_sent_slowly()
    {
        using var keys = new Keys();
        keys.New("anna", Security.ApiScope.Read);
        await using var console = await ServedStore.StartAsync(o => o with { MaxConnections = 2, Keys = keys.Path });
        for (int i = 0; i < 2; i++)
            await HalfAsync(console, "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{\"key\": \"");
        Assert.Equal("""{"status":"live"}""", await console.Client.GetStringAsync("/health/live"));
    }

    private async Task<TcpClient> HalfAsync(ServedStore console, string head = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    {
        var client = new TcpClient();
        _clients.Add(client);
        try
        {
            await client.ConnectAsync(console.Address.Host, console.Address.Port);
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // It is closed already; what is read says so.
        }
        return client;
    }

    // Empty when the connection is closed, however it is.
    private static async Task<string> LineAsync(TcpClient client)
    {
        try
        {
            if (!client.Connected)
                return "";
            using var reader = new StreamReader(client.GetStream(), leaveOpen: true);
            return await reader.ReadLineAsync() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
