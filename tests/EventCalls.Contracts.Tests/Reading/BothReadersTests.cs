using System.Buffers;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts.Reading;

namespace EventCalls.Contracts.Tests.Reading;

/// <summary>What one reader of events understands, the other does too: whatever properties an event, a step or anything in them gets.</summary>
public sealed class BothReadersTests
{
    // What deciding again does not look at, and the fast reader leaves empty. A property that is added must be read, or be put here by somebody who has thought about it.
    private static readonly Dictionary<Type, string[]> s_unread = new()
    {
        [typeof(CallStarted)] = [nameof(CallStarted.CausationId), nameof(CallStarted.AfterId), nameof(CallStarted.OfferedMedia), nameof(CallStarted.ImportedFrom), nameof(CallStarted.MaskedAt)],
        [typeof(FlowSelected)] = [nameof(FlowSelected.AfterId), nameof(FlowSelected.DecisionMicroseconds), nameof(FlowSelected.Log), nameof(FlowSelected.Metrics)],
        [typeof(HandoffRequested)] = [nameof(HandoffRequested.AfterId), nameof(HandoffRequested.Selected)],
        [typeof(TransferStarted)] = [nameof(TransferStarted.AfterId), nameof(TransferStarted.CallerId), nameof(TransferStarted.HeadersSent)],
    };

    public static TheoryData<string> Names => [.. CallEventNames.All.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_with_every_property_set_is_written_and_read_back_whole(string name)
    {
        var type = CallEventNames.TypeOf(name)!;
        var e = (CallEvent)Filled.Of(type);

        string json = Write(e);
        var read = CallEventCodec.Read(name, Encoding.UTF8.GetBytes(json));

        Assert.Equal(json, Write(read));
        foreach (var property in Filled.Properties(type))
            Assert.Contains($"\"{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}\":", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(CallStarted))]
    [InlineData(typeof(FlowSelected))]
    [InlineData(typeof(HandoffRequested))]
    [InlineData(typeof(TransferStarted))]
    public void The_fast_reader_makes_the_same_event(Type type)
    {
        var e = (CallEvent)Filled.Of(type);
        var fields = EventFields.Read(Encoding.UTF8.GetBytes(Write(e)));
        CallEvent read = type.Name switch
        {
            nameof(CallStarted) => fields.ToCallStarted(),
            nameof(FlowSelected) => fields.ToFlowSelected(),
            nameof(HandoffRequested) => fields.ToHandoffRequested(),
            _ => fields.ToTransferStarted(),
        };

        foreach (var property in Filled.Properties(type).Where(p => !s_unread[type].Contains(p.Name)))
            Assert.Equal(JsonSerializer.Serialize(property.GetValue(e)), JsonSerializer.Serialize(property.GetValue(read)));
    }

    [Fact]
    public void Every_parameter_of_a_handoff_is_among_the_fields_once()
    {
        Assert.Equal(
            Filled.Properties(typeof(Handoff)).Select(p => p.Name).Where(n => n != nameof(Handoff.Method)).Select(JsonNamingPolicy.CamelCase.ConvertName).Order(),
            HandoffFields.All.Select(f => f.StoredName).Order());
        Assert.Equal(HandoffFields.All.Count, HandoffFields.All.Select(f => f.Name).Distinct().Count());
    }

    [Fact]
    public void A_field_is_that_of_its_property_and_sets_nothing_else()
    {
        var filled = (Handoff)Filled.Of(typeof(Handoff));
        var bare = new Handoff { Method = HandoffMethod.Bye };
        foreach (var field in HandoffFields.All)
        {
            var set = field.With(bare, field.Of(filled)!);
            foreach (var property in Filled.Properties(typeof(Handoff)))
            {
                var source = JsonNamingPolicy.CamelCase.ConvertName(property.Name) == field.StoredName ? filled : bare;
                Assert.Equal(JsonSerializer.Serialize(property.GetValue(source)), JsonSerializer.Serialize(property.GetValue(set)));
            }
            Assert.False(HandoffFields.Same(bare, set), field.Name);
            Assert.True(HandoffFields.Same(set, field.With(bare, field.Of(filled)!)), field.Name);
            Assert.False(string.IsNullOrEmpty(field.TextOf(set)), field.Name);
        }
    }

    [Fact]
    public void A_method_has_what_it_cannot_do_without()
    {
        foreach (var field in HandoffFields.All.Where(f => f.RequiredBy is not null))
            Assert.Contains(field, HandoffFields.Of(field.RequiredBy!.Value));
        Assert.Equal("refer_to", HandoffFields.Of(HandoffMethod.Refer)[0].Name);
        Assert.DoesNotContain(HandoffFields.Of(HandoffMethod.Bye), f => f.Name == "status");
    }

    private static string Write(CallEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(buffer, e);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
