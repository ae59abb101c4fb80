using System.Text.Json;
using EventCalls.Contracts;

namespace EventCalls.Replay.Past.Reading;

/// <summary>Reads the steps of a handoff, and SIP headers.</summary>
internal static class StepReader
{
    public static Handoff[]? Steps(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var steps = new List<Handoff>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            steps.Add(Step(ref reader, pool));
        Expect(ref reader, JsonTokenType.EndArray);
        return [.. steps];
    }

    public static SipHeader[]? Headers(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var headers = new List<SipHeader>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? name = null, value = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    reader.Read();
                    name = pool.Get(ref reader);
                }
                else if (reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    value = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
            headers.Add(new SipHeader(EventFields.Need(name, "name of a header"), EventFields.Need(value, "value of a header")));
        }
        Expect(ref reader, JsonTokenType.EndArray);
        return [.. headers];
    }

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
            throw new JsonException($"{reader.TokenType} stands where {type} should");
    }

    private static Handoff Step(ref Utf8JsonReader reader, TextPool pool)
    {
        HandoffMethod? method = null;
        var step = new Handoff { Method = HandoffMethod.Bye };
        string? phoneNumber = null, referTo = null, endpoint = null, callerId = null, reason = null;
        SipHeader[]? headers = null;
        string[]? contacts = null;
        int? ring = null, notify = null, status = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            switch (name.Length)
            {
                case 6 when name.SequenceEqual("method"u8):
                    reader.Read();
                    method = WireName.Read<HandoffMethod>(ref reader);
                    break;
                case 6 when name.SequenceEqual("status"u8):
                    status = Number(ref reader);
                    break;
                case 6 when name.SequenceEqual("reason"u8):
                    reader.Read();
                    reason = reader.GetString();
                    break;
                case 7 when name.SequenceEqual("referTo"u8):
                    reader.Read();
                    referTo = pool.Get(ref reader);
                    break;
                case 8 when name.SequenceEqual("contacts"u8):
                    reader.Read();
                    contacts = Texts(ref reader);
                    break;
                case 10 when name.SequenceEqual("sipHeaders"u8):
                    reader.Read();
                    headers = Headers(ref reader, pool);
                    break;
                case 11 when name.SequenceEqual("phoneNumber"u8):
                    reader.Read();
                    phoneNumber = pool.Get(ref reader);
                    break;
                case 16 when name.SequenceEqual("outboundEndpoint"u8):
                    reader.Read();
                    endpoint = pool.Get(ref reader);
                    break;
                case 16 when name.SequenceEqual("outboundCallerId"u8):
                    reader.Read();
                    callerId = reader.GetString();
                    break;
                case 18 when name.SequenceEqual("ringTimeoutSeconds"u8):
                    ring = Number(ref reader);
                    break;
                case 20 when name.SequenceEqual("notifyTimeoutSeconds"u8):
                    notify = Number(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return step with
        {
            Method = EventFields.Need(method, "method of a step"),
            PhoneNumber = phoneNumber,
            ReferTo = referTo,
            Contacts = contacts,
            OutboundEndpoint = endpoint,
            OutboundCallerId = callerId,
            SipHeaders = headers ?? [],
            RingTimeoutSeconds = ring,
            NotifyTimeoutSeconds = notify,
            Status = status,
            Reason = reason,
        };
    }

    private static int? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null : reader.GetInt32();
    }

    private static string[]? Texts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        Expect(ref reader, JsonTokenType.StartArray);
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(EventFields.Need(reader.GetString(), "contact"));
        return [.. texts];
    }
}
