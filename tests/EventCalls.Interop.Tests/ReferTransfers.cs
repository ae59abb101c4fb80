using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

public class ReferTransfers(EmbeddedService service) : IClassFixture<EmbeddedService>
{
    [Theory]
    [InlineData("refer-answered")]
    [InlineData("refer-answered-caller-hangs-up")]
    [InlineData("refer-notify-before-202")]
    [Trait("RFC", "3515 §2.4.4")]
    public async Task A_transfer_that_is_reported_as_answered_is_left(string scenario)
    {
        var (result, call) = await service.CallToTheEndAsync(scenario, "refer");

        Assert.Equal(["refer answered"], call.Outcomes);
        Assert.Equal("transferred", call.Ended["cause"]);
        Assert.Equal("notify", call.Only("transfer_completed")["evidence.source"]);

        var refer = result.Received.First(m => m.Method == "REFER");
        Assert.Contains("sip:support@example.com", refer.Header("Refer-To"));
        Assert.Contains("+15550001111", refer.Header("Referred-By"));
        Assert.Equal("+15550001111", refer.Header("X-Caller-ID"));
        var answer = result.Received.First(m => m.Status == 200 && m.CSeqMethod == "INVITE");
        Assert.Contains("m=audio", answer.Body);
    }

    [Fact]
    public async Task What_is_reported_on_the_way_is_kept()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-answered", "refer");

        var reported = call.Events.Where(e => e.Type == "transfer_progressed" && e["source"] == "notify").Select(e => e["status"]);
        Assert.Equal(["100", "180"], reported);
        Assert.Equal("200", call.Only("transfer_completed")["evidence.status"]);
    }

    [Theory]
    [InlineData("refer-notify-486", "busy", 486)]
    [InlineData("refer-notify-603", "declined", 603)]
    [InlineData("refer-notify-404", "not_found", 404)]
    [InlineData("refer-notify-480", "no_answer", 480)]
    [InlineData("refer-notify-503", "unreachable", 503)]
    public async Task A_target_that_is_reported_as_failed_fails_typed(string scenario, string outcome, int status)
    {
        var (_, call) = await service.CallToTheEndAsync(scenario, "refer");

        Assert.Equal($"refer {outcome}", call.Outcomes.First());
        var failed = call.Events.First(e => e.Type == "transfer_failed");
        Assert.Equal(("notify", $"{status}"), (failed["evidence.source"], failed["evidence.status"]));
        Assert.StartsWith("terminated", failed["evidence.subscriptionState"]);
    }

    [Theory]
    [InlineData("refer-refused-403", "not_allowed", 403)]
    [InlineData("refer-refused-405", "not_allowed", 405)]
    [InlineData("refer-refused-501", "not_allowed", 501)]
    [InlineData("refer-refused-603", "declined", 603)]
    public async Task A_REFER_that_is_refused_fails_typed(string scenario, string outcome, int status)
    {
        var (_, call) = await service.CallToTheEndAsync(scenario, "refer");

        Assert.Equal($"refer {outcome}", call.Outcomes.First());
        var failed = call.Events.First(e => e.Type == "transfer_failed");
        Assert.Equal(("response", $"{status}"), (failed["evidence.source"], failed["evidence.status"]));
    }

    [Fact]
    public async Task A_REFER_that_is_refused_falls_back_to_a_bridge()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (_, call) = await service.CallToTheEndAsync("refer-refused-405-then-talks", "refer_or_bridge");
        (await target.WaitAsync()).MustSucceed();

        Assert.Equal(["refer not_allowed", "invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    [Fact]
    public async Task Silence_after_202_is_not_success()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-silent", "refer_briefly");

        Assert.Equal("refer no_notify", call.Outcomes.First());
    }

    [Fact]
    [Trait("RFC", "4488 §4")]
    public async Task A_taker_that_will_not_report_has_accepted()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-no-subscription", "refer");

        Assert.Equal(["refer accepted"], call.Outcomes);
        Assert.Equal("transferred", call.Ended["cause"]);
    }

    [Fact]
    public async Task A_subscription_that_ends_without_a_word_is_not_success()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-terminated-without-sipfrag", "refer");

        Assert.Equal("refer no_notify", call.Outcomes.First());
    }

    [Fact]
    public async Task A_caller_who_hangs_up_before_any_report_leaves_a_whole_stream()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-then-bye", "refer");

        Assert.Equal(["refer no_notify"], call.Outcomes);
        Assert.Equal("caller", call.Ended["endedBy"]);
    }

    [Fact]
    public async Task A_REFER_that_nobody_answers_times_out()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-unanswered", "refer", receiveTimeoutMs: 45_000);

        Assert.Equal("refer timed_out", call.Outcomes.First());
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public async Task A_challenge_is_answered_with_the_trunks_credentials()
    {
        var (result, call) = await service.CallToTheEndAsync("refer-challenged", "refer");

        Assert.Contains("credentials true", string.Join('\n', result.Logged));
        Assert.Equal(["refer answered"], call.Outcomes);
    }

    [Fact]
    public async Task A_taker_that_no_credentials_satisfy_fails_typed()
    {
        var (_, call) = await service.CallToTheEndAsync("refer-challenged-always", "refer");

        Assert.Equal("refer unauthorized", call.Outcomes.First());
    }
}
