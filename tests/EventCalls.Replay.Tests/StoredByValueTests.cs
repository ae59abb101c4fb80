using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Explaining;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;
using EventCalls.Store;

namespace EventCalls.Replay.Tests;

/// <summary>Past calls out of a database that keeps JSON by its values: names in its own order, spaces, numbers written out.</summary>
public sealed class StoredByValueTests
{
    private static readonly Lazy<CompiledLogic> s_first = new(() => Logics.Compile(
        """
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State.Set("queues", new Dictionary<string, double> { ["support"] = 1e21, ["a"] = 2.50, ["vip"] = 3 });
                conv.State["tier"] = "gold";
                conv.State.Set("b", 1e21);
                return Handoff.Invite("+4100", outboundEndpoint: "pstn");
            }

            public override Decision TransferFailed(Conversation conv)
            {
                string first = "none";
                foreach (var queue in conv.State.Get<Dictionary<string, double>>("queues")!)
                {
                    first = queue.Key;
                    break;
                }

                return Handoff.Invite("+4200", outboundEndpoint: "pstn")
                    .WithHeader("X-First", first)
                    .WithHeader("X-Text", conv.State["queues"]!)
                    .WithHeader("X-Number", conv.State["b"]!)
                    .WithHeader("X-Names", string.Join(",", conv.State.Keys));
            }
        }
        """));

    [Fact]
    public async Task Logic_that_looks_at_the_order_and_the_text_of_what_it_kept_decides_as_it_did()
    {
        var call = new PastCalls(s_first.Value).Call(failures: TransferOutcome.Busy);
        var kept = call with { Events = [.. call.Events.Select(e => e with { Data = ByValue(e.Data) })] };

        var (asItWas, fromTheDatabase) = (await Logics.ReplayAsync(s_first.Value, call), await Logics.ReplayAsync(s_first.Value, kept));

        Assert.Equal((Verdict.Same, 2), (asItWas.Verdict, asItWas.Decisions.Count));
        Assert.True(fromTheDatabase.Verdict == Verdict.Same, string.Join("; ", fromTheDatabase.Changes));
        var inDeciders = Assert.Single(await Logics.ReplayAsync(s_first.Value, [kept], Deciders.InDecidersTests.s_options));
        Assert.Equal((Verdict.Same, 2), (inDeciders.Verdict, inDeciders.Decisions.Count));
    }

    [Fact]
    public void A_single_decision_of_the_call_taken_again_sees_what_it_saw()
    {
        var call = new PastCalls(s_first.Value).Call(failures: TransferOutcome.Busy);
        var kept = call with { Events = [.. call.Events.Select(e => e with { Data = ByValue(e.Data) })] };

        var (was, now) = (Again(call), Again(kept));

        Assert.Equal("a", was.Single(h => h.Name == "X-First").Value);
        Assert.Equal("b,queues,tier", was.Single(h => h.Name == "X-Names").Value);
        Assert.Equal(was, now);
    }

    private static IReadOnlyList<SipHeader> Again(CallHistory call) =>
        Decider.Decide(s_first.Value, RecordedDecisions.Of(call.Events)[1].Request!, new DecideOptions { Lookups = LookupTables.None }).Steps[0].SipHeaders;

    private static byte[] ByValue(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Write(text, document.RootElement);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // As PostgreSQL's jsonb writes it: short names first, and by their bytes among those.
    private static void Write(StringBuilder to, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().OrderBy(m => m.Name.Length).ThenBy(m => m.Name, StringComparer.Ordinal).ToList();
                to.Append('{');
                for (int i = 0; i < members.Count; i++)
                {
                    to.Append(i == 0 ? "" : ", ").Append(JsonSerializer.Serialize(members[i].Name)).Append(": ");
                    Write(to, members[i].Value);
                }

                to.Append('}');
                break;
            case JsonValueKind.Array:
                to.Append('[');
                foreach (var (i, element) in value.EnumerateArray().Index())
                {
                    to.Append(i == 0 ? "" : ", ");
                    Write(to, element);
                }

                to.Append(']');
                break;
            case JsonValueKind.Number when value.GetRawText().Contains('E', StringComparison.OrdinalIgnoreCase):
                to.Append(((System.Numerics.BigInteger)value.GetDouble()).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                to.Append(value.GetRawText());
                break;
        }
    }
}
