using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Telephony.Configuration;
using EventCalls.Testing.Sip;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>Whom a target is shown: nobody who does not want to be, and no name with a number that it did not come with.</summary>
public sealed class CallerIdTests : EdgeTest
{
    private const string Anonymous = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
    private const string Number = "+15559999999";

    public static TheoryData<string, string[]> Withheld => new()
    {
        { Anonymous, [$"P-Asserted-Identity: <sip:{Number}@carrier.example>"] },
        { "<sip:anonymous@carrier.example>", [$"P-Asserted-Identity: <tel:{Number}>"] },
        { "<sip:restricted@10.0.0.2>", [$"Remote-Party-ID: <sip:{Number}@carrier.example>;party=calling"] },
        { Anonymous, [$"P-Asserted-Identity: \"Jane\" <sip:{Number}@carrier.example>", "Privacy: id"] },
        { $"\"Jane\" <sip:{Number}@10.0.0.2>", [$"P-Asserted-Identity: <sip:{Number}@carrier.example>", "Privacy: user;id"] },
        { $"\"Jane\" <sip:{Number}@10.0.0.2>", [$"Remote-Party-ID: <sip:{Number}@carrier.example>;party=calling;privacy=full"] },
        { $"\"Jane\" <sip:{Number}@10.0.0.2>", ["Privacy: header"] },
    };

    [Theory]
    [MemberData(nameof(Withheld))]
    [Trait("RFC", "3323 §4.1")]
    public void Who_does_not_want_to_be_shown_is_in_no_header_but_an_assertion(string from, string[] headers)
    {
        foreach (var where in new[] { CallerIdIn.Both, CallerIdIn.PAssertedIdentity, CallerIdIn.From })
        {
            var invite = Dial(from, headers, where);
            Assert.StartsWith(Anonymous, invite.Header("From"), StringComparison.Ordinal);
            Assert.Equal("id", invite.Header("Privacy"));
            string[] known = [.. invite.Text.Split("\r\n").Where(l => l.Contains(Number, StringComparison.Ordinal) || l.Contains("Jane", StringComparison.Ordinal))];
            Assert.All(known, l => Assert.StartsWith("P-Asserted-Identity:", l, StringComparison.Ordinal));
            if (where == CallerIdIn.From)
                Assert.Empty(known);
            Assert.Null(Last<TransferStarted>().CallerId);
        }
    }

    [Fact]
    [Trait("RFC", "3323 §4.1")]
    public void Logic_that_passes_the_callers_number_on_does_not_undo_the_callers_wish()
    {
        var invite = Dial(Anonymous, [$"P-Asserted-Identity: <sip:{Number}@carrier.example>"], CallerIdIn.Both, () => Started.CallerNumber);
        Assert.Equal(Number, Started.CallerNumber);
        Assert.StartsWith(Anonymous, invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal("id", invite.Header("Privacy"));
        invite = Dial(Anonymous, [$"P-Asserted-Identity: <tel:{Number}>", "Privacy: id"], CallerIdIn.Both, () => $"\"Jane\" <sip:{Number[1..]}@example.com>");
        Assert.StartsWith(Anonymous, invite.Header("From"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_the_companys_own_is_shown_whoever_calls()
    {
        var invite = Dial(Anonymous, [$"P-Asserted-Identity: <sip:{Number}@carrier.example>"], CallerIdIn.Both, () => "+15550001111");
        Assert.StartsWith("<sip:+15550001111@10.0.0.1>", invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal("<sip:+15550001111@10.0.0.1>", invite.Header("P-Asserted-Identity"));
        Assert.Null(invite.Header("Privacy"));
    }

    [Theory]
    [InlineData("P-Asserted-Identity: \"Jane\" <sip:+15559999999@carrier.example>", "\"Jane\" <sip:+15559999999@10.0.0.1>")]
    [InlineData("P-Asserted-Identity: <sip:+15559999999@carrier.example>", "<sip:+15559999999@10.0.0.1>")]
    [InlineData("Remote-Party-ID: \"Jane\" <sip:+15559999999@carrier.example>;party=calling", "\"Jane\" <sip:+15559999999@10.0.0.1>")]
    [Trait("RFC", "3325 §9.1")]
    public void A_name_of_the_caller_is_never_asserted_with_the_networks_number(string header, string shown)
    {
        var invite = Dial("\"Bob\" <sip:+15550000000@10.0.0.2>", [header], CallerIdIn.Both);
        Assert.StartsWith(shown + ";tag=", invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal(shown, invite.Header("P-Asserted-Identity"));
        Assert.DoesNotContain("Bob", invite.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("RFC", "3325 §9.1")]
    public void A_name_that_nobody_vouches_for_is_shown_and_not_asserted()
    {
        var invite = Dial("\"Bob\" <sip:+15550000000@10.0.0.2>", [], CallerIdIn.Both);
        Assert.StartsWith("\"Bob\" <sip:+15550000000@10.0.0.1>;tag=", invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal("<sip:+15550000000@10.0.0.1>", invite.Header("P-Asserted-Identity"));
    }

    [Theory]
    [InlineData("<tel:+15551230009>, <sip:jane@carrier.example>", "<tel:+15551230009>, <sip:jane@carrier.example>")]
    [InlineData("\"Jane\" <tel:+1-555-123-0009>, <sip:jane@carrier.example>", "\"Jane\" <tel:+15551230009>, <sip:jane@carrier.example>")]
    [InlineData("<sip:jane@carrier.example>, <tel:+15551230009>", "<sip:jane@10.0.0.1>, <tel:+15551230009>")]
    [InlineData("<sip:+15551230009@carrier.example>, <sip:jane@carrier.example>", "<sip:+15551230009@10.0.0.1>")]
    [Trait("RFC", "3325 §9.1")]
    public void Both_identities_that_the_network_asserts_are_understood_shown_or_not(string asserted, string passed)
    {
        var invite = Dial("<sip:+15550000000@10.0.0.2>", [$"P-Asserted-Identity: {asserted}"], CallerIdIn.Both);
        Assert.Equal(passed, invite.Header("P-Asserted-Identity"));
        invite = Dial("<sip:+15550000000@10.0.0.2>", [$"P-Asserted-Identity: {asserted}", "Privacy: id"], CallerIdIn.Both);
        Assert.Equal(passed, invite.Header("P-Asserted-Identity"));
        Assert.StartsWith(Anonymous, invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal("id", invite.Header("Privacy"));
    }

    private Sent Dial(string from, string[] headers, CallerIdIn where, Func<string>? callerId = null)
    {
        if (Journal.Events.Count == 0)
        {
            Options = Options with
            {
                Trunks = [Options.Trunks[0], .. Enum.GetValues<CallerIdIn>().Select(w => new TrunkOptions { Name = $"{w}", To = ["sip:10.0.0.3:5060"], CallerIdIn = w })],
            };
        }
        _ = Shard;
        Caller.Call(NodeHost, Caller.Session(), from, headers: [.. headers.Select(h => new HeaderLine(h[..h.IndexOf(':')], h[(h.IndexOf(':') + 2)..]))]);
        Run(20);
        Decide(Invite(endpoint: $"{where}") with { OutboundCallerId = callerId?.Invoke() });
        Run(20);
        return Network.Log.Last(s => s.Kind == "INVITE" && s.To.Equals(Target.Host.EndPoint));
    }
}
