using EventCalls.Contracts;
using EventCalls.Sip.Resolving;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <summary>One handoff of a call, carried out: its steps in order, and within a step the addresses of its endpoint, until an attempt is under way or nothing is left.</summary>
internal sealed class HandoffRun(Call call, HandoffRequested request)
{
    private int _step;
    private int _address;
    private int _prompted = -1;
    private IReadOnlyList<OutboundAddress>? _order;
    private Queue<ServerAddress>? _untried;
    private bool _isStopped;
    private bool _isDue = true;
    private bool _isBeginning;

    /// <summary>What was asked for.</summary>
    public HandoffRequested Request { get; } = request;

    /// <summary>The INVITE that has come to take the place of one side; null when somebody is to be called.</summary>
    public Arrival? Arrival { get; init; }

    /// <summary>The attempt under way, or the last one; null before the first.</summary>
    public TransferAttempt? Current { get; private set; }

    /// <summary>The step under way.</summary>
    public Handoff Step => Request.Steps[_step];

    /// <summary>Whether further servers of the name that the step's present address is are not yet tried (RFC 3263 §4.3).</summary>
    public bool HasUntried => _untried is { Count: > 0 };

    /// <summary>Whether the step's endpoint has another place behind the one that is tried.</summary>
    public bool HasAnotherPlace(Trunk? trunk) => trunk is not null && _address + 1 < trunk.Addresses.Count;

    /// <summary>The place of the step's endpoint that is tried.</summary>
    public OutboundAddress PlaceOf(Trunk trunk) => (_order ??= call.Shard.Servers.Of(trunk, call.Shard.Resolver, call.Shard.Agent.Random))[_address];

    /// <summary>Keeps the servers of the name that is tried.</summary>
    public void Try(IEnumerable<ServerAddress> servers) => _untried = new Queue<ServerAddress>(servers);

    /// <summary>Forgets what is left of them.</summary>
    public void GiveUpServers() => _untried = null;

    /// <summary>Takes the next one.</summary>
    public bool TryNext(out ServerAddress server)
    {
        server = default;
        return _untried is not null && _untried.TryDequeue(out server);
    }

    /// <summary>Where the step's targets have sent us.</summary>
    public Redirects Redirects { get; private set; } = new();

    /// <summary>The number of the attempt under way, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>Whether the prompt of the step is still to be heard; it is once, however many addresses are tried.</summary>
    public bool TakePrompt()
    {
        bool isDue = _prompted != _step;
        _prompted = _step;
        return isDue;
    }

    /// <summary>The event that causes the next attempt.</summary>
    public Guid Cause { get; private set; } = request.EventId;

    /// <summary>Whether something is left to try after a failure.</summary>
    public bool HasNext(bool anotherAddress) => !_isStopped && (anotherAddress || _step + 1 < Request.Steps.Count);

    /// <summary>Leaves the rest untried.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Begins the attempt that is due, and after each that fails at once the next one.</summary>
    public void Begin()
    {
        // An attempt that fails while it begins says so from within: the loop that began it goes on with the next.
        if (_isBeginning)
            return;
        _isBeginning = true;
        while (_isDue && !call.IsEnding)
        {
            _isDue = false;
            Current = call.Shard.AttemptOf(call, this);
            Current.Begin();
        }
        _isBeginning = false;
    }

    /// <summary>The attempt failed and something is left: the next address of the step, or else the next step.</summary>
    public void GoOn(TransferFailed failed, bool anotherAddress)
    {
        Cause = failed.EventId;
        MoveNext(anotherAddress);
        _isDue = true;
        Begin();
    }

    private void MoveNext(bool anotherAddress)
    {
        Attempt++;
        if (anotherAddress)
        {
            if (HasUntried)
                return;
            if (Redirects.HasMore)
                Redirects.MoveNext();
            else
                _address++;
            return;
        }
        _untried = null;
        _order = null;
        Redirects = new Redirects();
        _step++;
        _address = 0;
    }
}
