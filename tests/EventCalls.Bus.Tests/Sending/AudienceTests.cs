using EventCalls.Bus.Sending;
using Microsoft.Extensions.Time.Testing;

namespace EventCalls.Bus.Tests.Sending;

public sealed class AudienceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _clock = new();
    private readonly Audience _audience;
    private int _sent;

    public AudienceTests() => _audience = new Audience(_clock);

    [Fact]
    public async Task Everything_is_sent_until_one_comes_back()
    {
        await SendAsync(isTaken: true);
        await SendAsync(isTaken: false);
        Assert.True(_audience.IsSilent);

        await SendAsync(isTaken: true);

        Assert.Equal(2, _sent);
    }

    [Fact]
    public async Task Now_and_then_one_is_sent_to_see()
    {
        await SendAsync(isTaken: false);
        _clock.Advance(Audience.Notice - TimeSpan.FromMilliseconds(1));
        await SendAsync(isTaken: true);
        Assert.Equal(1, _sent);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await SendAsync(isTaken: false);
        await SendAsync(isTaken: true);
        Assert.Equal(2, _sent);

        _clock.Advance(Audience.Notice);
        await SendAsync(isTaken: true);
        await SendAsync(isTaken: true);
        Assert.Equal(4, _sent);
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 2)]
    public async Task What_happens_while_one_is_on_its_way_waits_for_what_becomes_of_it(bool isTaken, int sent)
    {
        await SendAsync(isTaken: false);
        _clock.Advance(Audience.Notice);
        var look = new TaskCompletionSource<bool>();

        var all = Enumerable.Range(0, 5).Select(_ => _audience.SendAsync(_ => Count(look.Task), default)).ToArray();
        Assert.Equal(2, _sent);
        look.SetResult(isTaken);

        await Task.WhenAll(all).WaitAsync(s_patience);
        Assert.Equal(sent, _sent);
        Assert.Equal(!isTaken, _audience.IsSilent);
    }

    [Fact]
    public async Task A_broker_that_is_away_says_nothing_of_who_listens()
    {
        await SendAsync(isTaken: false);
        _clock.Advance(Audience.Notice);

        await Assert.ThrowsAsync<IOException>(() => _audience.SendAsync(_ => Task.FromException<bool>(new IOException("away")), default));

        Assert.False(_audience.IsSilent);
        await SendAsync(isTaken: true);
        Assert.Equal(2, _sent);
    }

    private Task SendAsync(bool isTaken) => _audience.SendAsync(_ => Count(Task.FromResult(isTaken)), default);

    private Task<bool> Count(Task<bool> result)
    {
        _sent++;
        return result;
    }
}
