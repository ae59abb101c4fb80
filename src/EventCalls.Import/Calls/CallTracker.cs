using EventCalls.Import.Captures;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;

namespace EventCalls.Import.Calls;

/// <summary>Makes calls of the messages of a capture: gathers what belongs together and hands each call out when it is over.</summary>
internal sealed class CallTracker
{
    private const int MostUnknown = 10_000;
    private const int MostParts = 200;

    private readonly Perspective _perspective;
    private readonly ImportProblems _problems;
    private readonly Action<CapturedDialog> _take;
    private readonly DialogIndex _index = new();
    private readonly OpenDialogs _open;
    private readonly Correlation _correlation;
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly Queue<string> _closedOldest = new();
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private DateTimeOffset _now;

    /// <param name="perspective">Whose calls they are.</param>
    /// <param name="problems">Where what fits nowhere is noted.</param>
    /// <param name="take">Takes each call that is over.</param>
    public CallTracker(Perspective perspective, ImportProblems problems, Action<CapturedDialog> take)
    {
        (_perspective, _problems, _take) = (perspective, problems, take);
        _open = new OpenDialogs(OnClosed);
        _correlation = new Correlation(perspective, _index);
    }

    /// <summary>How many legs go out from us and belong to no call that was captured.</summary>
    public long UnassignedLegs { get; private set; }

    /// <summary>Takes a message in.</summary>
    public void Add(CapturedMessage captured)
    {
        if (captured.Time > _now)
            _open.Advance(_now = captured.Time);
        var message = captured.Message;
        string callId = SipText.Get(message.CallId);
        if (message.IsRequest && message.Method == SipMethod.Invite && message.ToTag.IsEmpty)
        {
            OnInvite(callId, captured);
            return;
        }
        if (Find(callId, message) is not { } dialog)
        {
            if (message.IsRequest && message.Method is SipMethod.Bye or SipMethod.Invite or SipMethod.Refer && !_closed.Contains(callId) && _unknown.Count < MostUnknown)
                _unknown.Add(callId);
            return;
        }
        if (captured.Time > dialog.LastAt)
            dialog.LastAt = captured.Time;
        if (message.IsRequest)
            OnRequest(dialog, captured);
        else
            OnResponse(dialog, captured);
    }

    /// <summary>What is still open, the oldest first; hand each to <see cref="Close"/> when the messages have come to their end.</summary>
    public IReadOnlyList<CapturedDialog> Remaining => _open.All;

    /// <summary>Hands a call out whose end was not seen.</summary>
    public void Close(CapturedDialog dialog) => _open.Close(dialog);

    /// <summary>Notes what was left out.</summary>
    public void End()
    {
        if (_unknown.Count > 0)
            _problems.Add("", $"{_unknown.Count}{(_unknown.Count == MostUnknown ? " or more" : "")} calls began before the capture and are left out");
        if (_open.Displaced > 0)
            _problems.Add("", $"{_open.Displaced} dialogs were given up open, as more than {OpenDialogs.Most} were open at once");
    }

    private void OnInvite(string callId, CapturedMessage captured)
    {
        string tag = SipText.Get(captured.Message.FromTag);
        string branch = SipText.Get(captured.Message.ViaBranch);
        foreach (var dialog in _open.Of(callId))
        {
            if (dialog.CallerTag != tag)
                continue;
            if (dialog.Legs.Find(leg => leg.HasBranch(branch) || (branch.Length == 0 && leg.IsSameWay(captured) && leg.CSeq == captured.Message.CSeqNumber)) is not null)
                return;
            dialog.LastAt = captured.Time;
            if (dialog.Legs.Find(leg => leg.IsRetriedBy(captured)) is { } retried)
                retried.Retry(captured);
            else if (dialog.TakesLegs)
                AddLeg(dialog, CapturedLeg.Of(captured));
            return;
        }
        Begin(new CapturedDialog(callId, tag) { LastAt = captured.Time, File = _problems.File }, captured);
    }

    private void AddLeg(CapturedDialog dialog, CapturedLeg leg)
    {
        dialog.Legs.Add(leg);
        // What went from one proxy to the next before it came to us was not ours yet.
        if (dialog is { Incoming: null, Call: null } && _perspective.IsIncoming(leg))
        {
            dialog.Incoming = leg;
            dialog.IsForeign = false;
        }
    }

    private void Begin(CapturedDialog dialog, CapturedMessage captured)
    {
        var leg = CapturedLeg.Of(captured);
        var keys = LegKeys.Of(captured.Message, leg.Caller);
        var found = _correlation.CallOf(dialog.CallId, leg, keys);
        dialog.Legs.Add(leg);
        if (found.Call is { Parts.Count: < MostParts } call)
        {
            dialog.Call = call;
            dialog.IsDownstream = found.IsDownstream;
            call.Parts.Add(dialog);
        }
        else if (found.Candidates > 1 || _perspective.IsOursToOthers(leg))
        {
            dialog.IsForeign = true;
            UnassignedLegs++;
            _problems.AtOffset(captured.Offset, found.Candidates > 1
                ? $"the INVITE to {leg.RequestUri} could belong to {found.Candidates} calls, and nothing in it tells to which; it is left out"
                : $"the INVITE to {leg.RequestUri} goes out from us, and no call that it belongs to was captured; it is left out");
        }
        else if (_perspective.IsIncoming(leg))
        {
            dialog.Incoming = leg;
        }
        else
        {
            dialog.IsForeign = true;
        }
        _index.Add(dialog, LegKeys.OfCallId(dialog.CallId));
        foreach (string key in keys.Shared)
            _index.Add(dialog, key);
        _open.Add(dialog);
    }

    private CapturedDialog? Find(string callId, SipMessage message)
    {
        var dialogs = _open.Of(callId);
        for (int i = 0; i < dialogs.Count; i++)
        {
            string tag = dialogs[i].CallerTag;
            if (Is(message.FromTag, tag) || Is(message.ToTag, tag))
                return dialogs[i];
        }
        return null;

        static bool Is(ReadOnlySpan<byte> bytes, string text) =>
            bytes.Length >= text.Length && System.Text.Encoding.UTF8.GetByteCount(text) == bytes.Length && SipText.Get(bytes) == text;
    }

    private void OnRequest(CapturedDialog dialog, CapturedMessage captured)
    {
        var message = captured.Message;
        switch (message.Method)
        {
            case SipMethod.Cancel:
                string branch = SipText.Get(message.ViaBranch);
                dialog.Legs.Find(leg => leg.HasBranch(branch))?.Cancel(captured);
                break;
            case SipMethod.Bye:
                dialog.Bye ??= new CapturedBye(
                    captured.Time, SipText.Get(message.FromTag) == dialog.CallerTag, ReceivedFacts.Text(message, HeaderId.Reason), SeenHeaders.CustomOf(message));
                break;
            case SipMethod.Refer:
                OnRefer(dialog, captured);
                break;
            case SipMethod.Notify:
                string reporter = SipText.Get(message.ToTag);
                dialog.Refers.FindLast(refer => refer.SenderTag == reporter && refer.IsAbout(message))?.Report(captured);
                break;
        }
    }

    private void OnRefer(CapturedDialog dialog, CapturedMessage captured)
    {
        if (dialog.Refers.FindLast(refer => refer.IsSame(captured)) is { } same)
        {
            same.Retry(captured);
            return;
        }
        if (!dialog.TakesRefers)
            return;
        if (CapturedRefer.Of(captured) is not { } refer)
        {
            _problems.AtOffset(captured.Offset, "a REFER does not say where to (Refer-To); it is left out");
            return;
        }
        dialog.Refers.Add(refer);
        _index.Add(dialog, LegKeys.OfUri(refer.ReferTo));
    }

    private static void OnResponse(CapturedDialog dialog, CapturedMessage captured)
    {
        var message = captured.Message;
        if (message.CSeqMethod == SipMethod.Invite)
        {
            string branch = SipText.Get(message.ViaBranch);
            dialog.Legs.Find(leg => leg.HasBranch(branch))?.Respond(captured);
        }
        else if (message.CSeqMethod == SipMethod.Refer)
        {
            string sender = SipText.Get(message.FromTag);
            dialog.Refers.FindLast(refer => refer.SenderTag == sender && refer.IsAbout(message))?.Respond(captured);
        }
    }

    private void OnClosed(CapturedDialog call)
    {
        foreach (var dialog in call.Parts.Append(call))
        {
            _index.Remove(dialog);
            if (_closed.Add(dialog.CallId))
                _closedOldest.Enqueue(dialog.CallId);
            if (_closedOldest.Count > MostUnknown)
                _closed.Remove(_closedOldest.Dequeue());
        }
        if (call is { Incoming: not null, IsForeign: false })
            _take(call);
    }
}
