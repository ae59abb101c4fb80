using System.Reflection;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Wire;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests.Deciders;

/// <summary>What goes to a decider and comes back is what was sent, property by property.</summary>
public class WireTests
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    private delegate T Reading<out T>(ref WireReader from);

    [Fact]
    public void A_request_with_every_property_set_arrives_as_it_was() =>
        AssertSame(Filled.Of<DecisionRequest>(), RequestWire.Write, RequestWire.Read);

    [Fact]
    public void A_result_with_every_property_set_arrives_as_it_was() =>
        AssertSame(Filled.Of<DecisionResult>(), ResultWire.Write, ResultWire.Read);

    [Fact]
    public void What_logic_sees_of_a_request_with_every_property_set_arrives_as_it_was()
    {
        var request = Filled.Of<DecisionRequest>();
        List<LookupAnswer> recorded = [Filled.Of<LookupAnswer>(), Filled.Of<LookupAnswer>()];
        foreach (var sent in new[] { request, request with { Refer = null }, request with { Failed = null }, request with { Failed = null, Refer = null }, DecisionRequest.For(Calls.Started()) })
        {
            var writer = new WireWriter();
            SeenWire.Write(writer, sent, recorded);
            var reader = new WireReader(writer.Written, new WireTexts());
            var read = SeenWire.Read(ref reader, out var answers);
            Assert.True(reader.IsAtEnd, "Not everything that was written was read.");
            Assert.Equal(recorded, answers);
            // Where the decision begins, and what its verdict is reckoned by.
            Assert.Equal((sent.EntryFlow, sent.CallerAnswered, sent.Seed), (read.EntryFlow, read.CallerAnswered, read.Seed));
            Assert.Equal(Seen(sent), Seen(read));
        }

        Assert.Contains(Seen(request), seen => seen.StartsWith("Refer.", StringComparison.Ordinal));
        Assert.Contains(Seen(request), seen => seen.StartsWith("LastTransfer.", StringComparison.Ordinal));
        Assert.True(Seen(request).Count > 25, string.Join('\n', Seen(request)));
    }

    [Fact]
    public void The_handoff_that_comes_of_what_logic_sees_has_the_id_it_had()
    {
        var command = Filled.Of<CommandTaken>() with { CallId = Calls.Started().CallId, Flow = "billing" };
        var refer = Filled.Of<ReferReceived>() with { CallId = Calls.Started().CallId };
        foreach (var sent in new[]
        {
            DecisionRequest.For(Calls.Started()),
            DecisionRequest.For(Calls.Reroute(TransferOutcome.Busy, 486)),
            DecisionRequest.For(Calls.Started(), Calls.Selected(Calls.Started()), command),
            DecisionRequest.For(Calls.Started(), Calls.Selected(Calls.Started()), refer, "sip:a@b"),
        })
        {
            var writer = new WireWriter();
            SeenWire.Write(writer, sent, []);
            var reader = new WireReader(writer.Written, new WireTexts());
            Assert.Equal(sent.HandoffId, SeenWire.Read(ref reader, out _).HandoffId);
        }
    }

    [Fact]
    public void A_request_with_nothing_set_arrives_as_it_was()
    {
        var request = DecisionRequest.For(Calls.Started());
        AssertSame(request, RequestWire.Write, RequestWire.Read);
        AssertSame(DecisionRequest.For(Calls.Reroute(TransferOutcome.Busy, 486)), RequestWire.Write, RequestWire.Read);
    }

    [Fact]
    public void A_result_with_nothing_set_arrives_as_it_was() =>
        AssertSame(
            DecisionResults.Failed(DecisionRequest.For(Calls.Started()), "sha256:0", RoutingFailureCause.LogicThrew, ""), ResultWire.Write, ResultWire.Read);

    [Theory]
    [InlineData("")]
    [InlineData("+15551234567")]
    [InlineData("Zürich €uro 😀")]
    [InlineData("half of a pair: \ud83d")]
    [InlineData("\udc00\ud800 both halves the wrong way round \0")]
    public void A_text_arrives_as_it_was(string text)
    {
        foreach (string given in new[] { text, string.Concat(Enumerable.Repeat(text + "x", 5000)) })
        {
            AssertSame(given, (to, t) => to.Text(t), (ref WireReader from) => from.Text());
            AssertSame(given, (to, t) => to.Text(t), (ref WireReader from) => from.Name());
        }
    }

    [Fact]
    public void Texts_that_repeat_are_the_same_string()
    {
        var writer = new WireWriter();
        writer.Text("X-Customer-ID");
        writer.Text("X-Customer-ID");
        writer.Text("X-Customer-Id");
        var reader = new WireReader(writer.Written, new WireTexts());
        string first = reader.Name();
        Assert.Same(first, reader.Name());
        Assert.Equal("X-Customer-Id", reader.Name());
    }

    [Fact]
    public void Numbers_at_their_bounds_arrive_as_they_were()
    {
        long[] numbers = [0, 1, -1, 63, 64, -64, -65, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];
        var writer = new WireWriter();
        foreach (long n in numbers)
            writer.Int(n);
        var reader = new WireReader(writer.Written, new WireTexts());
        foreach (long n in numbers)
            Assert.Equal(n, reader.Int());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Json_of_a_state_keeps_its_spelling()
    {
        using var json = JsonDocument.Parse("""{ "a": 1.50, "b": "\u00fc", "c": [ 1 , 2 ] }""");
        var state = json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        var writer = new WireWriter();
        StateWire.Write(writer, state);
        var reader = new WireReader(writer.Written, new WireTexts());
        var read = StateWire.Read(ref reader);
        Assert.Equal(["1.50", "\"\\u00fc\"", "[ 1 , 2 ]"], read.Values.Select(v => v.GetRawText()));
    }

    [Fact]
    public void Tables_arrive_as_they_were()
    {
        var tables = LookupTables.From(new Dictionary<string, IReadOnlyDictionary<string, string?>>
        {
            ["customers"] = new Dictionary<string, string?> { ["+1"] = "gold", ["+2"] = null },
            ["empty"] = new Dictionary<string, string?>(),
        });
        var writer = new WireWriter();
        TablesWire.Write(writer, tables);
        var reader = new WireReader(writer.Written, new WireTexts());
        var read = TablesWire.Read(ref reader);
        Assert.Equal(tables.Names, read.Names);
        Assert.True(read.TryFind("customers", "+1", out string? gold));
        Assert.Equal("gold", gold);
        Assert.True(read.TryFind("customers", "+2", out string? none));
        Assert.Null(none);
    }

    [Fact]
    public void Options_with_every_property_set_arrive_as_they_were()
    {
        // A property added to the options must be added here, and to the wire.
        Assert.Equal(
            ["AllocationLimit", "KnownEndpoints", "Lookups", "TimeLimit", "Trace"],
            Filled.Properties(typeof(DecideOptions)).Select(p => p.Name).Order(StringComparer.Ordinal));
        var recorded = new RecordedLookups([new LookupAnswer("t", "k", "v")]);
        var options = new DecideOptions { Lookups = recorded, TimeLimit = TimeSpan.FromTicks(7), AllocationLimit = 8, Trace = true, KnownEndpoints = new HashSet<string> { "pstn" } };
        var writer = new WireWriter();
        OptionsWire.Write(writer, options, tables: 0, endpoints: 3);
        var reader = new WireReader(writer.Written, new WireTexts());
        var read = OptionsWire.Read(ref reader, new Dictionary<int, LookupTables>(), new Dictionary<int, HashSet<string>> { [3] = ["pstn"] });
        Assert.True(reader.IsAtEnd);
        Assert.Equal((options.TimeLimit, options.AllocationLimit, options.Trace), (read.TimeLimit, read.AllocationLimit, read.Trace));
        Assert.Equal(options.KnownEndpoints, read.KnownEndpoints);
        Assert.Equal(recorded.Recorded, Assert.IsType<RecordedLookups>(read.Lookups).Recorded);
    }

    /// <summary>All that a conversation shows to logic, by reflection: a property added to it or to what it holds is looked at too.</summary>
    private static List<string> Seen(DecisionRequest request)
    {
        var seen = new List<string>();
        var conv = new Conversation(request, new RecordedLookups([]), JsonSerializerOptions.Default, reads: null);
        Look("", conv);
        seen.Add($"Random {conv.Random.NextDouble()} {conv.Random.Next(1000)}");
        seen.AddRange(request.State.Keys.Select(key => $"State[{key}] {conv.State[key]}"));
        seen.AddRange(request.Started.Headers.Select(header => $"{header.Name} {conv.SipHeaders[header.Name]} {string.Join('|', conv.SipHeaders.All(header.Name))}"));
        return seen;

        void Look(string at, object value)
        {
            foreach (var property in value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0))
            {
                string name = $"{at}{property.Name}";
                switch (property.GetValue(value))
                {
                    case null:
                        seen.Add($"{name} null");
                        break;
                    case IEnumerable<object> many:
                        seen.AddRange(many.Select((one, i) => $"{name}[{i}] {JsonSerializer.Serialize(one, s_json)}"));
                        break;
                    case { } one when one.GetType().Namespace == typeof(Conversation).Namespace && one is not Enum:
                        Look($"{name}.", one);
                        break;
                    case { } one:
                        seen.Add($"{name} {JsonSerializer.Serialize(one, s_json)}");
                        break;
                }
            }
        }
    }

    private static void AssertSame<T>(T value, Action<WireWriter, T> write, Reading<T> read)
    {
        var writer = new WireWriter();
        write(writer, value);
        var reader = new WireReader(writer.Written, new WireTexts());
        var back = read(ref reader);
        Assert.True(reader.IsAtEnd, "Not everything that was written was read.");
        Assert.Equal(JsonSerializer.Serialize(value, s_json), JsonSerializer.Serialize(back, s_json));
    }
}
