using EventCalls.Contracts;
using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Transactions;
using EventCalls.Telephony.Configuration;
using EventCalls.Telephony.Trunks;

namespace EventCalls.Telephony.Calls;

/// <content>Media that goes through an rtpengine: each target makes a pair with the side that is kept, and a session of its own there.</content>
internal sealed partial class Call
{
    private List<EnginePair>? _pairs;
    private List<Task>? _counting;
    private List<EngineTotals>? _totals;
    private int _pairsMade;
    private bool _isOfEngine;

    /// <summary>Whether the media of the two is an engine's: what began with one stays there, and so does what began here.</summary>
    private bool IsForEngine(LegSession target, Trunk? trunk, Handoff step) =>
        Session.Media is null && target.Media is null && (_isOfEngine || Session.HasEngine || target.HasEngine || ModeOf(Kept.Trunk ?? Trunk, trunk, step) == MediaMode.Rtpengine);

    private static SipEvidence NoEngine => SipEvidence.Local(LocalEvidence.MediaEngine, "none is configured (Media:Rtpengine)");

    private void ConnectPair(LegSession target)
    {
        if (Session.PairWith(target) is not { } pair)
            return;
        _isOfEngine = true;
        pair.Watch();
        if (IsListenedTo)
            pair.Hear();
    }

    private SipEvidence? Pair(LegSession target, Hop hop, Trunk? trunk, Handoff step, Call? other)
    {
        if (Shard.Engines is not { } engines)
            return NoEngine;
        // Another address of a target's, or another target: the one before is over.
        LetGoOfPairs(target);
        var session = OpenAt(engines, trunk, hop);
        (_pairs ??= []).Add(new EnginePair(this, session, Session, target, other is null ? [Id] : [Id, other.Id]));
        return null;
    }

    private RtpengineSession OpenAt(Rtpengines engines, Trunk? trunk, Hop hop) => engines.Open(
        $"{Id}-{++_pairsMade}",
        new RtpengineSide("1", Kept.Trunk?.Srtp ?? MediaProtection.None, Kept.Leg.Hop.SessionAddress.AddressFamily),
        new RtpengineSide("2", trunk?.Srtp ?? MediaProtection.None, hop.SessionAddress.AddressFamily),
        IsTranscoded(trunk));

    /// <summary>A leg of this call is over, or its target is given up: the engine lets go of its ports.</summary>
    private void LetGoOfPairs(LegSession session) => Close(_pairs?.FindAll(pair => pair.Has(session)));

    private void Close(List<EnginePair>? pairs)
    {
        foreach (var pair in pairs ?? [])
        {
            _pairs!.Remove(pair);
            var (first, second) = (TotalsOf(pair.First), pair.IsOfOne ? null : TotalsOf(pair.Second));
            // Who is kept goes on with somebody else, and at the end both are said of then.
            bool isFirstLeft = !IsOver && pair.First != Session;
            bool isSecondLeft = !IsOver && pair.Second != Session;
            (_counting ??= []).RemoveAll(static task => task.IsCompleted);
            _counting.Add(pair.CloseAsync(figures =>
            {
                first.Add(figures?.First);
                second?.Add(figures?.Second);
                if (isFirstLeft)
                    SayCounts(first);
                if (isSecondLeft && second is not null)
                    SayCounts(second);
            }));
        }
    }

    /// <summary>Nothing was heard for long of a side that should send, or the engine has lost the two.</summary>
    public void OnEngineSilent(EnginePair pair)
    {
        var silent = pair.First == Session ? pair.Second : pair.First;
        if (Bridge is { } bridge && pair.Has(Session) && silent == bridge.Peer.Session)
            EndAsSilent();
    }

    private EngineTotals TotalsOf(LegSession session)
    {
        _totals ??= [];
        if (_totals.Find(t => t.Session == session) is { } known)
            return known;
        var totals = new EngineTotals(session, NameOf(session));
        _totals.Add(totals);
        return totals;
    }

    private void SayCounts(EngineTotals totals)
    {
        if (_isEndSaid || _totals?.Remove(totals) != true || totals.Sum is { Received: 0, Sent: 0 })
            return;
        SayCounts(totals.Name, totals.Sum);
    }

    private void SayAllCounts()
    {
        foreach (var totals in _totals?.ToArray() ?? [])
            SayCounts(totals);
    }
}
