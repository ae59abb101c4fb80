using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Another application, with MassTransit as it comes, hears of the calls of a real node: <c>samples/CallListener</c>.</summary>
public sealed class Listening(Listening.BrokerService service) : IClassFixture<Listening.BrokerService>
{
    [Theory]
    [InlineData("")]
    [InlineData("raw")]
    public async Task A_stock_application_gets_an_event_by_a_consumer_of_its_own(string way)
    {
        await using var listener = await ListenAsync(way);

        var (_, call) = await service.CallToTheEndAsync("refer-answered", "refer");

        await listener.WaitForLineAsync(line => line == $"call {call.CallId}: Refer Answered by nobody known", TimeSpan.FromSeconds(30), default);
    }

    [Fact]
    public async Task It_gets_all_that_is_recorded_when_it_wants_to()
    {
        await using var listener = await ListenAsync("recorded");

        var (_, call) = await service.CallToTheEndAsync("refer-answered", "refer");

        await listener.WaitForLineAsync(line => line == $"recorded {call.CallId}: call_ended", TimeSpan.FromSeconds(30), default);
        foreach (var type in call.Types.Distinct())
            Assert.Contains($"recorded {call.CallId}: {type}\n", listener.Output, StringComparison.Ordinal);
    }

    // bin/CONFIGURATION/FRAMEWORK, there as here.
    private static string Program
    {
        get
        {
            var here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar);
            return Path.Combine(AppContext.BaseDirectory, "../../../../../samples/CallListener/bin", here[^2], here[^1], "CallListener.dll");
        }
    }

    private async Task<ChildProcess> ListenAsync(string way)
    {
        var listener = ChildProcess.Start("dotnet", way.Length == 0 ? [Program, service.Settings.RabbitMq!] : [Program, service.Settings.RabbitMq!, way]);
        try
        {
            await listener.WaitForLineAsync(line => line == "listening", TimeSpan.FromSeconds(60), default);
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    public sealed class BrokerService : EmbeddedService
    {
        private protected override (bool Broker, bool Database) Servers => (true, false);
    }
}
