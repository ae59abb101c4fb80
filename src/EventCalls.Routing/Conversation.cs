using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Decisions;
using EventCalls.Routing.Destinations;
using EventCalls.Routing.Limits;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing;

/// <summary>The call a decision is about, and all that the decision may read. What it reads besides the call itself is recorded.</summary>
public sealed class Conversation
{
    private readonly DecisionRequest _request;
    private readonly ILookupSource _lookups;
    private readonly List<ConversationRead>? _reads;
    private List<LookupAnswer>? _answers;
    private int _turns;

    internal Conversation(DecisionRequest request, ILookupSource lookups, JsonSerializerOptions json, List<ConversationRead>? reads)
    {
        _request = request;
        _lookups = lookups;
        _reads = reads;
        SipHeaders = new SipHeaderFields(request.Started.Headers, reads);
        State = new ConversationState(request.State, json, reads);
        Random = new ConversationRandom(request.Seed, reads);
        CurrentFlow = request.Selected?.Flow ?? "start";
        if (request.Failed is { } failed)
            LastTransfer = new LastTransfer(failed, request.Target, request.CallerAnswered, reads);
        if (request.Refer is { } refer)
            Refer = new ReferRequest(refer, reads);
    }

    /// <summary>The header fields of the caller's INVITE, as received.</summary>
    public SipHeaderFields SipHeaders { get; }

    /// <summary>The caller's number or user part; empty when withheld.</summary>
    public string CallerNumber => Read("caller_number", _request.Started.CallerNumber);

    /// <summary>The dialled number or user part.</summary>
    public string CalleeNumber => Read("callee_number", _request.Started.CalleeNumber);

    /// <summary>The trunk the call came in on.</summary>
    public string Trunk => Read("trunk", _request.Started.Trunk);

    /// <summary>The request URI as received.</summary>
    public string RequestUri => Read("request_uri", _request.Started.RequestUri);

    /// <summary>The call's own id, not the SIP Call-ID.</summary>
    public Guid CallId => _request.Started.CallId;

    /// <summary>The caller's User-to-User data (RFC 7433): the first that can be read; null when there is none. All of them are in <c>SipHeaders.All("User-to-User")</c>.</summary>
    public UserToUser? UserToUser => SipHeaders.All("User-to-User").Select(Routing.UserToUser.Parse).FirstOrDefault(u => u is not null);

    /// <summary>What the caller's Identity headers claim (RFC 8224), in order, each with what its check came to; one that cannot be read is left out.</summary>
    public IReadOnlyList<Passport> Passports
    {
        get
        {
            var checks = Checks;
            return [.. SipHeaders.All("Identity").Select((value, i) => Passport.Of(value, i < checks?.Count ? checks[i] : null)).OfType<Passport>()];
        }
    }

    /// <summary>Whether anybody we trust vouches for the caller: what the checks of all Identity headers come to together (RFC 8224 §6.2). Unchecked without such a header, and when nothing is configured to check it with.</summary>
    public IdentityVerdict IdentityVerdict => IdentityCheck.Of(Checks);

    /// <summary>Why nobody vouches for the caller: the first problem of an Identity header; null when one is valid, and when there is none.</summary>
    public IdentityProblem? IdentityProblem => Checks is { } checks && IdentityCheck.Of(checks) != IdentityVerdict.Valid ? checks.Select(c => c.Problem).FirstOrDefault(p => p is not null) : null;

    /// <summary>How far the caller's carrier claims to vouch for the number, <c>A</c>, <c>B</c> or <c>C</c> (RFC 8588), as the first PASSporT says that says it, whether it is valid or not; null when none does.</summary>
    public string? Attestation => Passports.Select(p => p.Attestation).FirstOrDefault(a => a is not null);

    /// <summary>How far somebody we trust vouches for the number, <c>A</c>, <c>B</c> or <c>C</c>: the attestation of the first PASSporT that is valid and says one; null when there is none.</summary>
    public string? VerifiedAttestation => Passports.Where(p => p.Verdict == IdentityVerdict.Valid).Select(p => p.Attestation).FirstOrDefault(a => a is not null);

    /// <summary>What the logic keeps for the rest of the call; recorded with each decision.</summary>
    public ConversationState State { get; }

    /// <summary>The flow the call is in; <c>start</c> at first.</summary>
    public string Flow => Read("flow", CurrentFlow);

    /// <summary>When the call came in, or the last transfer failed, UTC. The clock of the logic: it stands still during a decision and is recorded.</summary>
    public DateTimeOffset Now
    {
        get
        {
            NowRead = true;
            _reads?.Add(new ConversationRead("now", _request.Now.ToString("O")));
            return _request.Now;
        }
    }

    /// <summary>Random numbers; their seed is recorded.</summary>
    public ConversationRandom Random { get; }

    /// <summary>How the handoff before failed; null in <see cref="RoutingLogic.Start"/>.</summary>
    public LastTransfer? LastTransfer { get; }

    /// <summary>What one side asked by REFER; null but in <see cref="RoutingLogic.ReferRequested"/>.</summary>
    public ReferRequest? Refer { get; }

    private IReadOnlyList<IdentityCheck>? Checks
    {
        get
        {
            var checks = _request.Started.Identity;
            _reads?.Add(new ConversationRead("identity", checks is null ? null : string.Join(", ", checks)));
            return checks;
        }
    }

    internal string CurrentFlow { get; set; }

    internal bool NowRead { get; private set; }

    internal IReadOnlyList<LookupAnswer> Answers => _answers ?? (IReadOnlyList<LookupAnswer>)[];

    internal DecisionNotes Notes { get; } = new();

    internal LookupAnswer? Unanswered { get; private set; }

    internal LookupAnswer? Awaited { get; private set; }

    /// <summary>Looks a key up in a configured table (<c>Routing:Lookups</c>); null when the table has no such key. The answer is recorded.</summary>
    /// <param name="name">The table, or <c>table.column</c>.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="InvalidOperationException">There is no such table.</exception>
    public string? Lookup(string name, string key)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(key);
        return Ask(name, key, out string? refusal) is var value && refusal is null ? value : throw new InvalidOperationException(refusal);
    }

    /// <summary>Asks a configured web service (<c>Routing:Sources</c>), such as a CRM. What it came to is recorded, and is the answer when the decision is taken again.</summary>
    /// <remarks>
    /// While it is asked nothing waits: the decision is given up, and taken again from its beginning when the answer is there. At most 16 in one
    /// decision; those that do not depend on each other still come one after the other.
    /// </remarks>
    /// <param name="source">The source's name.</param>
    /// <param name="key">What is asked for, 1 to 256 characters.</param>
    /// <returns>Never null: a source that fails, or is not configured, says so in <see cref="FetchResult.Failure"/>.</returns>
    /// <exception cref="InvalidOperationException">The past call did not fetch this, so that it is not known what it would have got.</exception>
    public FetchResult Fetch(string source, string key)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(key);
        string name = FetchNames.Of(source);
        string? value = Ask(name, key, out string? refusal);
        if (refusal is not null && !_lookups.Refuses(name, key))
            throw new InvalidOperationException(refusal);
        if (refusal is not null)
            _reads?.Add(new ConversationRead(LookupWords.Read(name, key), null));
        return new FetchResult(FetchAnswer.Of(new LookupAnswer(name, key, value) { Refusal = refusal }));
    }

    /// <summary>What operators have set for this name over the API (<c>PUT /api/config/NAME</c>), such as <c>holiday</c>; null when there is nothing. It is recorded.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="InvalidOperationException">It is not known: the router has not read it, or the past call did not ask.</exception>
    public string? Config(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Lookup(ValueNames.Prefix + name, "");
    }

    /// <summary>Notes a line, which is kept with the decision and shown where it is explained; at most 100 of 500 characters in one decision.</summary>
    /// <param name="text">The line.</param>
    public void Log(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Notes.Add(text);
    }

    /// <summary>Gives a figure, which is kept with the decision and counted among the metrics of the process; at most 50 in one decision.</summary>
    /// <param name="name">Its name, a fixed word: 1 to 64 of a-z, 0-9, <c>_</c>, <c>.</c> and <c>-</c>.</param>
    /// <param name="value">How much.</param>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public void Metric(string name, double value = 1)
    {
        ArgumentNullException.ThrowIfNull(name);
        Notes.Add(name, value);
    }

    /// <summary>Takes turns: 0 the first time, 1 the next, and so on over all calls, to distribute fairly over agents or sites. The answer is recorded.</summary>
    /// <remarks>
    /// Each router process counts for itself and from where it began, so several of them are fair on average and not call by call. It counts
    /// decisions that asked, also those whose call then went elsewhere.
    /// </remarks>
    /// <param name="name">What takes turns; each name has a count of its own. A fixed word, not something of the call: of more than 10,000 names those that were not asked for longest begin again.</param>
    /// <returns>Zero or more.</returns>
    /// <exception cref="InvalidOperationException">The past call did not ask for this turn.</exception>
    public long Rotate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // Recorded as a look-up; the turns that one decision takes are told apart by their number.
        string key = (++_turns).ToString(CultureInfo.InvariantCulture);
        return long.Parse(Lookup(Rotations.Prefix + name, key)!, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes turns among items, as <see cref="Rotate(string)"/>.</summary>
    /// <param name="name">What takes turns.</param>
    /// <param name="items">At least one.</param>
    /// <exception cref="ArgumentException">There is nothing to choose from.</exception>
    public T Rotate<T>(string name, IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0)
            throw new ArgumentException("There is nothing to take turns.", nameof(items));
        return items[(int)(Rotate(name) % items.Count)];
    }

    /// <summary>Goes on in the method marked <c>[Flow(name)]</c>.</summary>
    /// <param name="name">The flow.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    public Decision GotoFlow(string name, [CallerLineNumber] int line = 0, [CallerFilePath] string file = "") =>
        Decision.ToFlow(name, file, line);

    /// <summary>Hands the call off to a configured destination (<c>Handoffs:NAME</c>). What the name stands for is recorded with the decision.</summary>
    /// <param name="destination">Its name; null for the one that is the default.</param>
    /// <param name="reason">Why, for reports and searches: a short word such as <c>queue_full</c>; null for the destination's.</param>
    /// <param name="headers">Headers of this call, which win over the destination's of the same names; a null value is left out.</param>
    /// <param name="route">The outbound endpoint; null for the destination's.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">There is no such destination; the message lists those there are.</exception>
    /// <exception cref="ArgumentException">The destination's method has no outbound endpoint.</exception>
    public HandoffStep CallHandoff(
        string? destination = null,
        string? reason = null,
        IReadOnlyDictionary<string, string?>? headers = null,
        string? route = null,
        [CallerLineNumber] int line = 0,
        [CallerFilePath] string file = "")
    {
        var call = new NamedHandoff
        {
            Destination = destination,
            Headers = headers is null ? [] : [.. headers.Where(h => h.Value is not null).Select(h => new SipHeader(h.Key, h.Value!))],
            Route = route,
        };
        try
        {
            var (step, configured) = ConfiguredDestination.Resolve(call, name => Ask(name, "", out string? refusal) ?? throw new UnknownDestinationException(refusal!), State.Find, _request.HandoffId);
            return new HandoffStep(step, file, line, call).Because(reason ?? configured);
        }
        catch (DecisionFormatException e)
        {
            throw new ArgumentException(e.Message);
        }
    }

    private string? Ask(string name, string key, out string? refusal)
    {
        if (!_lookups.TryFind(name, key, out string? value))
        {
            if (_lookups.Awaits(name, key))
            {
                Awaited ??= new LookupAnswer(name, key, null);
                CheckPoint.GiveUp();
            }

            refusal = _lookups.Refusal(name, key);
            if (_lookups.Refuses(name, key))
                (_answers ??= []).Add(new LookupAnswer(name, key, null) { Refusal = refusal });
            else
                Unanswered ??= new LookupAnswer(name, key, null);
            return null;
        }

        refusal = null;
        (_answers ??= []).Add(new LookupAnswer(name, key, value));
        _reads?.Add(new ConversationRead(LookupWords.Read(name, key), value));
        return value;
    }

    private string Read(string what, string value)
    {
        _reads?.Add(new ConversationRead(what, value));
        return value;
    }
}
