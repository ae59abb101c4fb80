using System.Net;
using EventCalls.Sip.Resolving;

namespace EventCalls.Sip.Tests.Resolving;

public sealed class AnswerCacheTests
{
    private static readonly DnsQuestion s_question = DnsQuestion.Of("PBX.Example.", DnsKind.A);

    private readonly AnswerCache _cache = new();

    [Theory]
    [Trait("RFC", "1035 §3.2.1")]
    [InlineData(300, 300_000)]
    [InlineData(null, 30_000)]
    [InlineData(0, 1_000)]
    [InlineData(int.MaxValue, 86_400_000)]
    public void What_was_found_is_used_for_its_TTL(int? ttl, long until)
    {
        var found = Found(ttl);
        Assert.Same(found, _cache.Keep(s_question, found, 0));
        Assert.Same(found, Known(until - 1));
        Assert.Null(Known(until));
    }

    [Theory]
    [Trait("RFC", "2308 §5")]
    [InlineData(60, 60_000)]
    [InlineData(null, 5_000)]
    [InlineData(86_400, 300_000)]
    public void That_there_is_nothing_is_known_for_the_time_the_domain_says_up_to_five_minutes(int? ttl, long until)
    {
        _cache.Keep(s_question, Found(1), 0);
        _cache.Keep(s_question, DnsAnswer.None("no such name", ttl), 0);
        Assert.Equal(DnsStatus.None, Known(until - 1)?.Status);
        Assert.Null(Known(until));
    }

    [Fact]
    [Trait("RFC", "8767 §4")]
    public void What_was_found_outlives_its_TTL_by_an_hour_while_nobody_answers()
    {
        var found = Found(60);
        _cache.Keep(s_question, found, 0);
        Assert.Same(found, _cache.Keep(s_question, DnsAnswer.Silent("no answer"), 60_000));
        Assert.Same(found, Known(64_999));
        Assert.Null(Known(65_000));
        Assert.Same(found, Known(65_000, isAsked: true));
        Assert.Equal(DnsStatus.Silent, _cache.Keep(s_question, DnsAnswer.Silent("no answer"), 60_000 + 3_600_000).Status);
    }

    [Fact]
    public void Names_are_the_same_in_any_case_and_names_without_end_do_not_fill_the_memory()
    {
        Assert.Equal(DnsQuestion.Of("pbx.example", DnsKind.A), s_question);
        for (int i = 0; i < 10_000; i++)
            _cache.Keep(DnsQuestion.Of($"h{i}.example", DnsKind.A), Found(60), 0);
        Assert.False(_cache.TryGet(DnsQuestion.Of("h0.example", DnsKind.A), 0, isAsked: false, out _));
        Assert.True(_cache.TryGet(DnsQuestion.Of("h9999.example", DnsKind.A), 0, isAsked: false, out _));
    }

    private static DnsAnswer Found(int? ttl) => new() { Status = DnsStatus.Found, Addresses = [IPAddress.Loopback], Ttl = ttl };

    private DnsAnswer? Known(long now, bool isAsked = false) => _cache.TryGet(s_question, now, isAsked, out var answer) ? answer : null;
}
