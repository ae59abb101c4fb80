using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <content>Connections that are gone, and who waited for something over them.</content>
public sealed partial class UserAgent
{
    private readonly HashSet<IncomingLeg> _unanswered = [];

    /// <summary>The hop's connection is gone: what waits on it fails now.</summary>
    public void HopFailed(Hop hop)
    {
        hop.IsClosed = true;
        Table.Fail(hop);
        if (_unanswered.Count > 0)
        {
            foreach (var leg in _unanswered.Where(leg => leg.IsHeardOver(hop)).ToArray())
                leg.OnConnectionClosed(hop);
        }
        if (!hop.Protocol.IsWebSocket())
            return;
        // Nothing reaches such a peer any more (RFC 7118 §5).
        foreach (var leg in _legs.Values.Where(leg => leg.Dialog.IsBoundTo(hop)).ToArray())
            leg.LoseConnection();
    }

    /// <summary>A caller over a connection waits for its answer, or does not any more.</summary>
    internal void Awaits(IncomingLeg leg, bool isWaiting)
    {
        if (isWaiting)
            _unanswered.Add(leg);
        else
            _unanswered.Remove(leg);
    }
}
