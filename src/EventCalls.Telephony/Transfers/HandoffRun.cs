using System.Net;
using EventCalls.Contracts;

namespace EventCalls.Telephony.Transfers;

/// <summary>How far one handoff has come: its steps in order, and within a step the addresses of its endpoint.</summary>
internal sealed class HandoffRun(HandoffRequested request)
{
    private int _step;
    private int _address;
    private bool _isStopped;

    /// <summary>What was asked for.</summary>
    public HandoffRequested Request { get; } = request;

    /// <summary>The attempt under way, or the last one; null before the first.</summary>
    public TransferAttempt? Current { get; set; }

    /// <summary>The step under way.</summary>
    public Handoff Step => Request.Steps[_step];

    /// <summary>Which address of the step's endpoint is tried.</summary>
    public int Address => _address;

    /// <summary>Further addresses of the name that the step's present address is, not yet tried (RFC 3263 §4.3).</summary>
    public Queue<IPEndPoint> Untried { get; } = new();

    /// <summary>The number of the attempt under way, from 1.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>The event that causes the next attempt.</summary>
    public Guid Cause { get; set; } = request.EventId;

    /// <summary>Whether something is left to try after a failure.</summary>
    public bool HasNext(bool anotherAddress) => !_isStopped && (anotherAddress || _step + 1 < Request.Steps.Count);

    /// <summary>Leaves the rest untried.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Goes on to the next address, or else to the next step.</summary>
    public void MoveNext(bool anotherAddress)
    {
        Attempt++;
        if (anotherAddress)
        {
            if (Untried.Count == 0)
                _address++;
            return;
        }
        Untried.Clear();
        _step++;
        _address = 0;
    }
}
