using System.Net;
using EventCalls.Contracts;
using EventCalls.Telephony.Calls;

namespace EventCalls.Telephony.Transfers;

/// <summary>One handoff of a call, carried out: its steps in order, and within a step the addresses of its endpoint, until an attempt is under way or nothing is left.</summary>
internal sealed class HandoffRun(Call call, HandoffRequested request)
{
    private int _step;
    private int _address;
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

    /// <summary>Which address of the step's endpoint is tried.</summary>
    public int Address => _address;

    /// <summary>Further addresses of the name that the step's present address is, not yet tried (RFC 3263 §4.3).</summary>
    public Queue<IPEndPoint> Untried { get; } = new();

    /// <summary>Where the step's targets have sent us.</summary>
    public Redirects Redirects { get; private set; } = new();

    /// <summary>The number of the attempt under way, from 1.</summary>
    public int Attempt { get; private set; } = 1;

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
            Current = TransferAttempt.Of(call, this);
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
            if (Untried.Count > 0)
                return;
            if (Redirects.HasMore)
                Redirects.MoveNext();
            else
                _address++;
            return;
        }
        Untried.Clear();
        Redirects = new Redirects();
        _step++;
        _address = 0;
    }
}
