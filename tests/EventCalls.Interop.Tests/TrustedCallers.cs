using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Callers that prove who they are, with a program that others wrote.</summary>
public class TrustedCallers(TrustedCallers.DigestService service) : IClassFixture<TrustedCallers.DigestService>
{
    [Fact]
    [Trait("RFC", "3261 §22.2")]
    [Trait("RFC", "7616 §3.4")]
    public async Task SIPp_answers_our_challenge_of_its_INVITE_and_of_its_BYE()
    {
        await using var target = await service.TargetAsync("target-answers");
        var (result, call) = await service.CallToTheEndAsync("call-challenged", "bridge", more: ["-au", "alice", "-ap", "wonderland"]);

        Assert.Equal("roaming", call.Only("call_started")["trunk"]);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
        string sent = result.Messages.Last(m => m.Sent && m.Header("Authorization") is not null).Header("Authorization")!;
        string proof = sent[(sent.IndexOf("response=\"", StringComparison.Ordinal) + 10)..][..32];
        Assert.DoesNotContain(proof, service.Process.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3261 §22.2")]
    public async Task SIPp_with_a_wrong_password_is_refused_and_nothing_is_recorded()
    {
        var (result, _) = await service.CallAsync("call-challenged", "bridge", receiveTimeoutMs: 3_000, more: ["-au", "alice", "-ap", "guessed"]);

        Assert.False(result.Succeeded);
        Assert.Equal([401, 401], result.Received.Where(m => m.Status > 100).Select(m => m.Status).Take(2));
    }

    public sealed class DigestService : EmbeddedService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => settings with
        {
            More = new Dictionary<string, string>
            {
                ["Trunks__carrier__From__0"] = "192.0.2.0/24",
                ["Trunks__roaming__Digest__Realm"] = "edge.example.com",
                ["Trunks__roaming__Digest__Users__alice"] = "wonderland",
            },
        };
    }
}
