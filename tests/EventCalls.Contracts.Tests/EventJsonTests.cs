using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventCalls.Contracts.Tests;

public sealed class EventJsonTests
{
    public static TheoryData<string> Names => [.. CallEventNames.All.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_read_back_as_it_was_written(string name)
    {
        foreach (var e in SampleEvents.Full.Concat(SampleEvents.Bare).Where(e => CallEventNames.Of(e) == name))
        {
            var json = Write(e);
            var read = CallEventCodec.Read(name, json);
            Assert.IsType(e.GetType(), read);
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Write(read)));
            Assert.Equal((e.EventId, e.CallId, e.CausationId, e.OccurredAt), (read.EventId, read.CallId, read.CausationId, read.OccurredAt));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_is_set_is_lost_and_what_is_null_is_left_out(string name)
    {
        var full = JsonDocument.Parse(Write(SampleEvents.Full.Single(e => CallEventNames.Of(e) == name))).RootElement;
        var bare = JsonDocument.Parse(Write(SampleEvents.Bare.Single(e => CallEventNames.Of(e) == name))).RootElement;
        var properties = CallEventNames.TypeOf(name)!.GetProperties()
            .Where(property => property.Name != "EqualityContract").Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        Assert.Equal(properties.Order(), full.EnumerateObject().Select(member => member.Name).Order());
        Assert.DoesNotContain(bare.EnumerateObject(), member => member.Value.ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_generated_way_writes_what_the_serializer_writes(string name)
    {
        var general = new CallEventJson(new JsonSerializerOptions(CallEventJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        foreach (var e in SampleEvents.Full.Concat(SampleEvents.Bare).Where(e => CallEventNames.Of(e) == name))
            Assert.Equal(JsonSerializer.Serialize(e, e.GetType(), general), Encoding.UTF8.GetString(Write(e)));
    }

    [Fact]
    public void The_text_of_an_event_is_pinned()
    {
        var failed = SampleEvents.Bare.OfType<TransferFailed>().Single();
        Assert.Equal(
            """{"handoffId":"01950f00-0000-7000-8000-000000000004","attempt":1,"method":"invite","outcome":"no_answer","evidence":{"source":"local"},"final":true,"eventId":"01950f00-0000-7000-8000-000000000001","callId":"01950f00-0000-7000-8000-000000000002","causationId":"01950f00-0000-7000-8000-000000000003","occurredAt":"2025-03-01T08:00:00.1234567+00:00"}""",
            Encoding.UTF8.GetString(Write(failed)));
    }

    [Fact]
    public void Members_that_a_newer_version_added_are_passed_over()
    {
        var json = Encoding.UTF8.GetString(Write(SampleEvents.Full.OfType<DtmfReceived>().Single()));
        var newer = json.Replace("\"digit\"", "\"added\":{\"deep\":[1]},\"digit\"", StringComparison.Ordinal);
        Assert.Equal("#", ((DtmfReceived)CallEventCodec.Read("dtmf_received", Encoding.UTF8.GetBytes(newer))).Digit);
    }

    [Theory]
    [InlineData("dtmf_received", "{}")]
    [InlineData("dtmf_received", "null")]
    [InlineData("dtmf_received", "[]")]
    [InlineData("dtmf_received", "{\"digit\":\"1\"")]
    [InlineData("dtmf_received", "")]
    [InlineData("call_ended", "{\"endedBy\":\"nobody\",\"cause\":\"hung_up\",\"durationMs\":1}")]
    public void What_is_not_that_events_JSON_is_refused(string name, string json) =>
        Assert.Throws<JsonException>(() => CallEventCodec.Read(name, Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_name_that_this_version_does_not_know_is_refused_by_name()
    {
        var refused = Assert.Throws<NotSupportedException>(() => CallEventCodec.Read("call_parked", "{}"u8));
        Assert.Contains("call_parked", refused.Message);
    }

    private static byte[] Write(CallEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        CallEventCodec.WriteData(output, e);
        return output.WrittenSpan.ToArray();
    }
}
