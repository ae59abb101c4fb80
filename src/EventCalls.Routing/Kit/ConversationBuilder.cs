using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Kit;

/// <summary>Makes conversations for tests of routing logic, and has logic decide them in the test's own process, where a debugger stops at its lines.</summary>
/// <remarks>Nothing of the machine is read: unless told otherwise it is Monday, 5 January 2026, 12:00 UTC, and the random numbers are the same each time.</remarks>
public sealed class ConversationBuilder
{
    private const int MaxFlows = 32;

    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions s_json = StateTimes.Options();

    private readonly Dictionary<string, Dictionary<string, string?>> _lookups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _state = new(StringComparer.Ordinal);
    private TrialCall _call;
    private LookupTables? _tables;
    private HandoffDestinations _destinations = HandoffDestinations.None;

    /// <param name="caller">The caller's number; empty for a withheld one.</param>
    /// <param name="callee">The dialled number.</param>
    public ConversationBuilder(string caller = "+15551234567", string callee = "+15557654321") => _call = new TrialCall { Caller = caller, Callee = callee };

    /// <summary>Adds a header field of the INVITE; may be called several times for the same name.</summary>
    public ConversationBuilder WithHeader(string name, string value) => With(_call with { Headers = [.. _call.Headers, new SipHeader(name, value)] });

    /// <summary>Adds an Identity header in which somebody vouches for the caller (<c>shaken</c>), and says what the check of it came to.</summary>
    /// <param name="verdict">What it came to.</param>
    /// <param name="attestation">How far they vouch: <c>A</c>, <c>B</c> or <c>C</c>.</param>
    public ConversationBuilder WithIdentity(IdentityVerdict verdict, string attestation = "A")
    {
        string header = """{"alg":"ES256","ppt":"shaken","typ":"passport","x5u":"https://cr.example.com/shaken.pem"}""";
        string claims = JsonSerializer.Serialize(new { attest = attestation, dest = new { tn = new[] { _call.Callee } }, iat = (_call.At ?? s_now).ToUnixTimeSeconds(), orig = new { tn = _call.Caller }, origid = Guid.Empty });
        With(_call with { Identity = verdict });
        return WithHeader("Identity", $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.AA;info=<https://cr.example.com/shaken.pem>;alg=ES256;ppt=shaken");
    }

    /// <summary>Sets the trunk the call comes in on.</summary>
    public ConversationBuilder OnTrunk(string trunk) => With(_call with { Trunk = trunk });

    /// <summary>Sets the request URI.</summary>
    public ConversationBuilder WithRequestUri(string uri) => With(_call with { RequestUri = uri });

    /// <summary>Sets what <see cref="Conversation.Now"/> answers.</summary>
    public ConversationBuilder At(DateTimeOffset time) => With(_call with { At = time });

    /// <summary>Sets the seed of <see cref="Conversation.Random"/>.</summary>
    public ConversationBuilder WithSeed(int seed) => With(_call with { Seed = seed });

    /// <summary>Sets a value that the call's state has already.</summary>
    public ConversationBuilder WithState<T>(string key, T value)
    {
        _state[key] = JsonSerializer.SerializeToElement(value, s_json);
        return this;
    }

    /// <summary>Adds an answer of a look-up table.</summary>
    /// <param name="name">The table, or <c>table.column</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The answer; null for a table that is there and has no such key.</param>
    public ConversationBuilder WithLookup(string name, string key, string? value)
    {
        if (!_lookups.TryGetValue(name, out var table))
            _lookups[name] = table = new Dictionary<string, string?>(StringComparer.Ordinal);
        table[key] = value;
        _tables = null;
        return this;
    }

    /// <summary>Adds what a fetch from a source comes to: an answer, or with null that there is no such thing. Other keys of the source are not found.</summary>
    /// <param name="source">The source.</param>
    /// <param name="key">The key.</param>
    /// <param name="json">The answer's JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ConversationBuilder WithFetch(string source, string key, string? json)
    {
        if (json is not null)
            JsonDocument.Parse(json).Dispose();
        return WithLookup(FetchNames.Of(source), key, json is null ? null : new FetchAnswer { Status = 200, Json = json }.ToText());
    }

    /// <summary>Adds a fetch from a source that fails.</summary>
    /// <param name="source">The source.</param>
    /// <param name="key">The key.</param>
    /// <param name="failure">How it fails.</param>
    /// <param name="status">The HTTP status, where there was an answer.</param>
    public ConversationBuilder WithFetch(string source, string key, FetchFailure failure, int? status = null) =>
        WithLookup(FetchNames.Of(source), key, new FetchAnswer { Status = status, Failure = failure }.ToText());

    /// <summary>Sets what operators have set for a name; other names have nothing.</summary>
    public ConversationBuilder WithConfig(string name, string? value) => WithLookup(ValueNames.Prefix + name, "", value);

    /// <summary>Sets the handoff destinations that <see cref="Conversation.CallHandoff"/> knows.</summary>
    public ConversationBuilder WithHandoffs(HandoffDestinations destinations)
    {
        ArgumentNullException.ThrowIfNull(destinations);
        (_destinations, _tables) = (destinations, null);
        return this;
    }

    /// <summary>Makes it the conversation after a transfer that failed.</summary>
    /// <param name="outcome">How it failed.</param>
    /// <param name="status">The final SIP status, 100–699; null when there was none.</param>
    /// <param name="target">Where it went to, a URI.</param>
    /// <param name="flow">The flow it was made in.</param>
    public ConversationBuilder AfterTransfer(TransferOutcome outcome, int? status = null, string? target = null, string flow = "start") =>
        With(_call with { LastOutcome = outcome, LastStatus = status, LastTarget = target, LastFlow = flow });

    /// <summary>The conversation. Turns of <see cref="Conversation.Rotate(string)"/> go on from one conversation of the builder to the next.</summary>
    public Conversation Build()
    {
        _tables ??= _destinations.AddTo(LookupTables.From(_lookups.ToDictionary(t => t.Key, t => (IReadOnlyDictionary<string, string?>)t.Value, StringComparer.Ordinal))).WithAnswers([KeyValuePair.Create(ValueNames.Prefix, "")]);
        return new Conversation((_call with { State = _state }).ToRequest(s_now), _tables, s_json, reads: null);
    }

    /// <summary>Has logic decide it as a router would: <c>Start</c> or <c>TransferFailed</c>, and the flows these lead to.</summary>
    /// <exception cref="InvalidOperationException">It comes to no decision that can be carried out; the message says why.</exception>
    public BuiltDecision Decide(RoutingLogic logic)
    {
        ArgumentNullException.ThrowIfNull(logic);
        var conv = Build();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            var chain = new List<string>();
            var decision = conv.LastTransfer is null ? logic.Start(conv) : logic.TransferFailed(conv);
            while (decision?.Flow is { } flow)
            {
                if (chain.Contains(flow) || chain.Count == MaxFlows)
                    throw new InvalidOperationException($"The flows go in a circle: {string.Join(" → ", chain)} → {flow}.");
                chain.Add(flow);
                conv.CurrentFlow = flow;
                decision = Flow(logic, flow)(conv);
            }

            var handoff = decision?.Handoff ?? throw new InvalidOperationException($"{logic.GetType().Name} returned without deciding: return a Handoff, or conv.GotoFlow(…).");
            if (!DecisionValidation.TryCheck(handoff.Steps, knownEndpoints: null, out var steps, out string? error, handoff.Asked))
                throw new InvalidOperationException(error);
            return new BuiltDecision(conv.CurrentFlow, chain, steps, handoff.Reason, conv.State) { Log = conv.Notes.Log ?? [], Metrics = conv.Notes.Metrics ?? [] };
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static Func<Conversation, Decision?> Flow(RoutingLogic logic, string name)
    {
        const BindingFlags Flags = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = logic.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetMethods(Flags).FirstOrDefault(m => m.GetCustomAttribute<FlowAttribute>()?.Name == name) is { } method)
                return method.CreateDelegate<Func<Conversation, Decision?>>(logic);
        }

        throw new InvalidOperationException($"There is no flow '{name}' in {logic.GetType().Name}.");
    }

    private ConversationBuilder With(TrialCall call)
    {
        _call = call;
        return this;
    }
}

/// <summary>What logic decided of a conversation made by <see cref="ConversationBuilder"/>.</summary>
/// <param name="Flow">The flow it ended in; <c>start</c> when it went to none.</param>
/// <param name="FlowChain">The flows it went through, in order.</param>
/// <param name="Steps">The handoff and its fallbacks, in the order they are tried.</param>
/// <param name="Reason">Why, for machines; null when nothing was said.</param>
/// <param name="State">The call's state afterwards.</param>
public sealed record BuiltDecision(string Flow, IReadOnlyList<string> FlowChain, IReadOnlyList<Contracts.Handoff> Steps, string? Reason, ConversationState State)
{
    /// <summary>What the logic noted, in order.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>The figures the logic gave, in order.</summary>
    public IReadOnlyList<LogicMetric> Metrics { get; init; } = [];

    /// <summary>The handoff: the first step.</summary>
    public Contracts.Handoff Handoff => Steps[0];
}
