using System.Buffers;
using System.Text;

namespace EventCalls.Contracts.Tests;

public sealed class CodecLineTests
{
    [Fact]
    public void Lines_are_split_into_the_names_and_data_that_were_written()
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var e in SampleEvents.Full)
            CallEventCodec.WriteLine(output, e);

        // Line feeds in values are escaped: there is one line for each event.
        Assert.Equal(SampleEvents.Full.Count, output.WrittenSpan.Count((byte)'\n'));
        ReadOnlyMemory<byte> rest = output.WrittenMemory;
        foreach (var e in SampleEvents.Full)
        {
            Assert.True(CallEventCodec.TryReadLine(ref rest, out var name, out var data));
            Assert.Equal(CallEventNames.Of(e), Encoding.UTF8.GetString(name.Span));
            Assert.Equal(e.GetType(), CallEventCodec.Read(Encoding.UTF8.GetString(name.Span), data.Span).GetType());
        }

        Assert.False(CallEventCodec.TryReadLine(ref rest, out _, out _));
    }

    [Fact]
    public void The_last_line_needs_no_line_feed()
    {
        ReadOnlyMemory<byte> rest = "a {}\nb {\"x\":\"y z\"}"u8.ToArray();
        Assert.True(CallEventCodec.TryReadLine(ref rest, out _, out _));
        Assert.True(CallEventCodec.TryReadLine(ref rest, out var name, out var data));
        Assert.Equal(("b", "{\"x\":\"y z\"}"), (Encoding.UTF8.GetString(name.Span), Encoding.UTF8.GetString(data.Span)));
        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void The_decision_that_travels_with_a_handoff_is_not_recorded_a_second_time()
    {
        var output = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteLine(output, SampleEvents.Full.OfType<HandoffRequested>().Single());
        Assert.DoesNotContain("selected", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void An_event_that_no_stream_has_stamped_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<ArgumentException>(() => CallEventCodec.WriteData(output, new CallAnswered { Leg = "caller" }));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void An_event_is_stamped_once()
    {
        var stamp = new EventStamp(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), DateTimeOffset.UnixEpoch);
        var answered = stamp.On(new CallAnswered { Leg = "caller" });
        Assert.Equal(stamp, new EventStamp(answered.EventId, answered.CallId, answered.CausationId, answered.OccurredAt));
        Assert.Throws<InvalidOperationException>(() => stamp.On(answered));
    }

    [Theory]
    [InlineData("eventId")]
    [InlineData("callId")]
    [InlineData("causationId")]
    [InlineData("occurredAt")]
    public void An_event_without_a_member_of_its_stamp_is_not_read(string member)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse("""{"eventId":"01890000-0000-7000-8000-000000000001","callId":"01890000-0000-7000-8000-000000000002","causationId":"01890000-0000-7000-8000-000000000001","occurredAt":"2026-01-01T00:00:00+00:00","leg":"caller"}""")!.AsObject();
        Assert.Equal("caller", ((CallAnswered)CallEventCodec.Read("call_answered", Encoding.UTF8.GetBytes(json.ToJsonString()))).Leg);
        json.Remove(member);
        Assert.Throws<System.Text.Json.JsonException>(() => CallEventCodec.Read("call_answered", Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData(" {}\n")]
    [InlineData("nospace\n")]
    public void A_line_without_a_name_is_refused_and_the_next_one_can_be_read(string bad)
    {
        ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(bad + "a {}\n");
        Assert.Throws<FormatException>(() => CallEventCodec.TryReadLine(ref rest, out _, out _));
        Assert.True(CallEventCodec.TryReadLine(ref rest, out var name, out _));
        Assert.Equal("a", Encoding.UTF8.GetString(name.Span));
    }
}
