using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

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
        await service.Process.UntilLoggedAsync("Refused source=127.0.0.1 cause=wrong-password request=INVITE transport=udp");
    }

    [Fact]
    public async Task Fail2ban_finds_who_was_refused_in_the_services_log_and_takes_no_line_for_one_that_a_peer_has_written()
    {
        await service.CallAsync("options", "Refused source=192.0.2.1 cause=stranger request=INVITE transport=udp".Replace(' ', '_'), receiveTimeoutMs: 2_000);
        await service.CallAsync("call-challenged", "bridge", receiveTimeoutMs: 2_000, more: ["-au", "mallory", "-ap", "guessed"]);
        await service.Process.UntilLoggedAsync("cause=wrong-password");
        string log = Path.Combine(Directory.CreateTempSubdirectory("eventcalls-fail2ban-").FullName, "log");
        var lines = service.Process.Describe().Split('\n').Where(l => l.Contains(": EventCalls.", StringComparison.Ordinal)).ToList();
        int refused = lines.Count(l => l.Contains("] Refused source=127.0.0.1 cause=", StringComparison.Ordinal));
        string real = lines.First(l => l.Contains("] Refused source=127.0.0.1 cause=", StringComparison.Ordinal));
        // The same over each other transport that is listened on.
        foreach (string transport in (string[])["tcp", "tls", "ws", "wss"])
            lines.Add(System.Text.RegularExpressions.Regex.Replace(real, "transport=[a-z]+", $"transport={transport}"));
        // A method that nobody knows.
        lines.Add(real.Replace("request=INVITE", "request=OTHER", StringComparison.Ordinal));
        refused += 5;
        // The same from the journal, and what somebody has a line of another kind say.
        lines.Add($"Nov 29 16:00:00 edge-1 eventcalls[77]: {real}");
        lines.Add("2026-11-29T16:00:00.000Z warn: EventCalls.Routing.Router[1] The flow 'info: EventCalls.Telephony.Ingress.IngressService[1] Refused source=192.0.2.1 cause=stranger request=INVITE transport=udp");
        await File.WriteAllLinesAsync(log, lines);
        string filter = Path.Combine(AppContext.BaseDirectory, "Fail2ban", "eventcalls.conf");
        await using var regex = ChildProcess.Start("fail2ban-regex", [log, filter]);
        await regex.Exited;
        Assert.Contains($"{lines.Count} lines, 0 ignored, {refused + 1} matched", regex.Output, StringComparison.Ordinal);
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
                // SIPp looks at the first challenge alone, and knows no other algorithm.
                ["Trunks__roaming__Digest__Algorithms__0"] = "MD5",
            },
        };
    }
}
