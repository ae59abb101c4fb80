using System.Text.Json;

namespace EventCalls.Contracts.Reading;

/// <summary>The members of an event's JSON as far as deciding again needs them, whichever event it is.</summary>
/// <remarks>One pass over the bytes, without the serializer's metadata: a replay reads millions of events. A member may be missing; who needs it says so.</remarks>
public sealed partial class EventFields
{
    /// <summary>The event's id.</summary>
    public Guid? EventId { get; private set; }

    /// <summary>The event that caused it.</summary>
    public Guid? CausationId { get; private set; }

    /// <summary>The call's id.</summary>
    public Guid? CallId { get; private set; }

    /// <summary>When it happened, UTC.</summary>
    public DateTimeOffset? OccurredAt { get; private set; }

    /// <summary>The handoff it belongs to.</summary>
    public Guid? HandoffId { get; private set; }

    /// <summary>The number of the attempt, from 1.</summary>
    public int? Attempt { get; private set; }

    /// <summary>From the request to the first sign of the target, milliseconds.</summary>
    public long? PostDialDelayMs { get; private set; }

    /// <summary>How it was handed off.</summary>
    public HandoffMethod? Method { get; private set; }

    /// <summary>What became of the attempt.</summary>
    public TransferOutcome? Outcome { get; private set; }

    /// <summary>The node that has the call.</summary>
    public string? Node { get; private set; }

    /// <summary>The trunk.</summary>
    public string? Trunk { get; private set; }

    /// <summary>The transport of the INVITE.</summary>
    public string? Transport { get; private set; }

    /// <summary>Where the INVITE came from.</summary>
    public string? RemoteEndPoint { get; private set; }

    /// <summary>The SIP Call-ID.</summary>
    public string? SipCallId { get; private set; }

    /// <summary>The request URI of the INVITE.</summary>
    public string? RequestUri { get; private set; }

    /// <summary>The caller's number.</summary>
    public string? CallerNumber { get; private set; }

    /// <summary>The dialled number.</summary>
    public string? CalleeNumber { get; private set; }

    /// <summary>The leg it is about.</summary>
    public string? Leg { get; private set; }

    /// <summary>The flow that was selected.</summary>
    public string? Flow { get; private set; }

    /// <summary>The version of the logic that decided.</summary>
    public string? LogicVersion { get; private set; }

    /// <summary>The place in the logic that decided.</summary>
    public string? DecidedBy { get; private set; }

    /// <summary>Who asked for the handoff.</summary>
    public Requester? RequestedBy { get; private set; }

    /// <summary>The reason given for the handoff.</summary>
    public string? Reason { get; private set; }

    /// <summary>Where the attempt goes.</summary>
    public string? Target { get; private set; }

    /// <summary>The headers of the INVITE.</summary>
    public IReadOnlyList<SipHeader>? Headers { get; private set; }

    /// <summary>What the checks of the Identity headers came to.</summary>
    public IReadOnlyList<IdentityCheck>? Identity { get; private set; }

    /// <summary>The steps of the handoff.</summary>
    public IReadOnlyList<Handoff>? Steps { get; private set; }

    /// <summary>The state that the logic left.</summary>
    public IReadOnlyDictionary<string, JsonElement>? State { get; private set; }

    /// <summary>Whether the logic wants to be asked about REFERs.</summary>
    public bool? DecidesRefers { get; private set; }

    /// <summary>What the decision read.</summary>
    public DecisionInputs? Inputs { get; private set; }

    /// <summary>Reads the JSON of one event.</summary>
    /// <param name="data">The JSON in UTF-8; not kept.</param>
    /// <exception cref="JsonException">It is no JSON object, or a member has a value of another kind.</exception>
    public static EventFields Read(ReadOnlySpan<byte> data)
    {
        var fields = new EventFields();
        var reader = new Utf8JsonReader(data);
        var pool = TextPool.OfThread;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("it is no JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            fields.Member(ref reader, pool);
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            throw new JsonException("the JSON does not end where it should");
        return fields;
    }

    /// <summary>The member's value.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    public static T Need<T>(T? value, string member)
        where T : class => value ?? throw new JsonException($"it has no {member}");

    /// <inheritdoc cref="Need{T}(T, string)"/>
    public static T Need<T>(T? value, string member)
        where T : struct => value ?? throw new JsonException($"it has no {member}");

    // By the length and one letter first: comparing with every name would take longer than all the rest.
    private void Member(ref Utf8JsonReader reader, TextPool pool)
    {
        var name = reader.ValueSpan;
        switch (name.Length)
        {
            case 3 when name.SequenceEqual("leg"u8):
                Leg = Pooled(ref reader, pool);
                break;
            case 4 when name.SequenceEqual("node"u8):
                Node = Pooled(ref reader, pool);
                break;
            case 4 when name.SequenceEqual("flow"u8):
                Flow = Pooled(ref reader, pool);
                break;
            case 5 when name.SequenceEqual("trunk"u8):
                Trunk = Pooled(ref reader, pool);
                break;
            case 5 when name.SequenceEqual("steps"u8):
                reader.Read();
                Steps = HandoffReader.Steps(ref reader, pool);
                break;
            case 5 when name.SequenceEqual("state"u8):
                reader.Read();
                State = StateOf(ref reader, pool);
                break;
            case 6 when name.SequenceEqual("callId"u8):
                CallId = Id(ref reader);
                break;
            case 6 when name.SequenceEqual("method"u8):
                reader.Read();
                Method = WireName.Read<HandoffMethod>(ref reader);
                break;
            case 6 when name.SequenceEqual("target"u8):
                Target = Pooled(ref reader, pool);
                break;
            case 6 when name.SequenceEqual("reason"u8):
                Reason = Pooled(ref reader, pool);
                break;
            case 6 when name.SequenceEqual("inputs"u8):
                reader.Read();
                Inputs = InputsReader.Read(ref reader, pool);
                break;
            case 7 when name.SequenceEqual("eventId"u8):
                EventId = Id(ref reader);
                break;
            case 7 when name.SequenceEqual("headers"u8):
                reader.Read();
                Headers = reader.TokenType == JsonTokenType.StartArray && HeaderPacker.OfThread.Pack(ref reader) is { } packed ? packed : HandoffReader.Headers(ref reader, pool);
                break;
            case 7 when name.SequenceEqual("attempt"u8):
                reader.Read();
                Attempt = reader.GetInt32();
                break;
            case 7 when name.SequenceEqual("outcome"u8):
                reader.Read();
                Outcome = WireName.Read<TransferOutcome>(ref reader);
                break;
            case 8 when name.SequenceEqual("identity"u8):
                reader.Read();
                Identity = IdentityReader.Read(ref reader, pool);
                break;
            case 9 when name.SequenceEqual("handoffId"u8):
                HandoffId = Id(ref reader);
                break;
            case 9 when name.SequenceEqual("transport"u8):
                Transport = Pooled(ref reader, pool);
                break;
            case 9 when name.SequenceEqual("sipCallId"u8):
                reader.Read();
                SipCallId = reader.GetString();
                break;
            case 9 when name.SequenceEqual("decidedBy"u8):
                DecidedBy = Pooled(ref reader, pool);
                break;
            case 10 when name.SequenceEqual("occurredAt"u8):
                reader.Read();
                OccurredAt = reader.GetDateTimeOffset();
                break;
            case 10 when name.SequenceEqual("requestUri"u8):
                RequestUri = Pooled(ref reader, pool);
                break;
            case 11 when name.SequenceEqual("causationId"u8):
                CausationId = Id(ref reader);
                break;
            case 11 when name.SequenceEqual("requestedBy"u8):
                reader.Read();
                RequestedBy = WireName.Read<Requester>(ref reader);
                break;
            case 12 when name.SequenceEqual("callerNumber"u8):
                reader.Read();
                CallerNumber = reader.GetString();
                break;
            case 12 when name.SequenceEqual("calleeNumber"u8):
                CalleeNumber = Pooled(ref reader, pool);
                break;
            case 12 when name.SequenceEqual("logicVersion"u8):
                LogicVersion = Pooled(ref reader, pool);
                break;
            case 13 when name.SequenceEqual("decidesRefers"u8):
                reader.Read();
                DecidesRefers = reader.TokenType == JsonTokenType.Null ? null : reader.GetBoolean();
                break;
            case 14 when name.SequenceEqual("remoteEndPoint"u8):
                RemoteEndPoint = Pooled(ref reader, pool);
                break;
            case 15 when name.SequenceEqual("postDialDelayMs"u8):
                reader.Read();
                PostDialDelayMs = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private static string? Pooled(ref Utf8JsonReader reader, TextPool pool)
    {
        reader.Read();
        return pool.Get(ref reader);
    }

    private static Guid Id(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String && IdText.TryParse(reader.ValueSpan, out var id) ? id : reader.GetGuid();
    }

    private static Dictionary<string, JsonElement>? StateOf(ref Utf8JsonReader reader, TextPool pool)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        HandoffReader.Expect(ref reader, JsonTokenType.StartObject);
        var state = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = pool.GetName(ref reader);
            reader.Read();
            state[key] = JsonElement.ParseValue(ref reader);
        }
        return state;
    }
}
