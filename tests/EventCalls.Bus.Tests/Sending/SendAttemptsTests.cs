using EventCalls.Bus.Sending;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Bus.Tests.Sending;

public class SendAttemptsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SendAttempts _attempts;
    private int _looks;

    public SendAttemptsTests() => _attempts = new SendAttempts(
        () =>
        {
            _looks++;
            return Task.CompletedTask;
        },
        _time);

    [Fact]
    public async Task When_nothing_is_confirmed_the_connection_is_looked_at_after_twenty_seconds_and_then_once_a_minute()
    {
        var seen = new List<int>();
        for (int i = 0; i < 14; i++)
        {
            await MissAsync();
            seen.Add(_looks);
        }

        Assert.Equal([0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3], seen);
    }

    [Fact]
    public async Task A_confirmation_between_them_begins_anew()
    {
        for (int i = 0; i < 5; i++)
        {
            await MissAsync();
            await _attempts.RunAsync(0, (_, _) => Task.CompletedTask, default);
        }

        Assert.Equal(0, _looks);
    }

    [Fact]
    public async Task Whoever_gives_up_says_nothing_of_the_connection()
    {
        using var enough = new CancellationTokenSource();
        var sending = _attempts.RunAsync(0, (_, token) => Task.Delay(Timeout.Infinite, token), enough.Token);
        _time.Advance(SendAttempts.Limit / 2);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await MissAsync();

        Assert.Equal(0, _looks);
    }

    private async Task MissAsync()
    {
        var sending = _attempts.RunAsync(0, (_, token) => Task.Delay(Timeout.Infinite, token), default);
        _time.Advance(SendAttempts.Limit);
        await Assert.ThrowsAsync<TimeoutException>(() => sending);
    }
}
