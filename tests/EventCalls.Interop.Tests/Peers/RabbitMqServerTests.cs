using System.Net.Sockets;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests.Peers;

public class RabbitMqServerTests
{
    [Fact]
    public async Task A_node_survives_a_kill_and_a_restart_on_its_port_and_leaves_nothing_behind()
    {
        await using var server = await RabbitMqServer.StartAsync();
        if (!server.IsOwn)
            return;
        var uri = new Uri(server.ConnectionString);
        Assert.True(await AnswersAsync(uri.Port));
        await server.KillAsync();
        Assert.False(await AnswersAsync(uri.Port));
        await server.RestartAsync();
        Assert.True(await AnswersAsync(uri.Port));
        await server.DisposeAsync();
        Assert.False(await AnswersAsync(uri.Port));
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
