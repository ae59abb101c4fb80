using System.Runtime.ExceptionServices;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>What an INVITE still owes after its first 2xx: the ACK again when that comes again, and ACK and BYE to other branches that answer too (RFC 3261 §13.2.2.4).</summary>
/// <remarks>It outlives its leg for as long as the transaction waits (timer M), and so holds no leg and no call.</remarks>
internal sealed class LateAnswers : IClientTransactionUser
{
    private readonly UserAgent _agent;
    private readonly Dialog _calling;
    private readonly uint _cseq;
    private readonly Answer _first;
    private List<Answer>? _forks;

    /// <summary>The INVITE sent from <paramref name="calling"/> was answered first in <paramref name="first"/>.</summary>
    public LateAnswers(UserAgent agent, Dialog calling, Dialog first, uint cseq)
    {
        (_agent, _calling, _cseq) = (agent, calling, cseq);
        _first = new Answer(first);
    }

    /// <summary>The credentials the INVITE was sent with; its ACKs carry them too (RFC 3261 §13.2.2.4).</summary>
    public IReadOnlyList<HeaderLine>? Authorization { get; init; }

    /// <summary>What answers a challenge of a fork's BYE.</summary>
    public Authorizations? Authorizations { get; init; }

    /// <summary>The first answer's ACK has been sent; before that its repetitions get nothing.</summary>
    public void Acknowledge(ReadOnlySpan<byte> ack) => _first.Take(ack);

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (response.StatusCode is < 200 or >= 300 || _first.Repeats(response, _agent))
            return;
        foreach (var known in _forks ?? [])
        {
            if (known.Repeats(response, _agent))
                return;
        }
        var dialog = _calling.Establish(response);
        var fork = new Answer(dialog);
        fork.Take(_agent.SendAck(dialog, _cseq, null, Authorization));
        (_forks ??= []).Add(fork);
        new ForkBye(_agent, dialog, Authorizations).Send();
    }

    public void OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
        // The answer came; timer M tells nobody.
    }

    public void OnFault(ClientTransaction transaction, Exception e) => ExceptionDispatchInfo.Throw(e);

    private sealed class Answer(Dialog dialog)
    {
        private readonly byte[] _remoteTag = dialog.RemoteTag;
        private Hop _hop = dialog.Hop;
        private PooledBytes _ack;

        public void Take(ReadOnlySpan<byte> ack)
        {
            _ack.Set(ack);
            _hop = dialog.Hop;
        }

        public bool Repeats(SipMessage response, UserAgent agent)
        {
            if (!response.ToTag.SequenceEqual(_remoteTag))
                return false;
            if (!_ack.IsEmpty)
                agent.Output.Send(_hop, _ack.Span);
            return true;
        }
    }
}
