using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>An OPTIONS outside of any call, which asks whether a server is there (RFC 3261 §11.1).</summary>
public sealed class OutgoingOptions : IClientTransactionUser
{
    private readonly Action<int?> _over;
    private ClientTransaction? _transaction;

    private OutgoingOptions(Action<int?> over) => _over = over;

    bool IClientTransactionUser.EndsUnreachable => true;

    /// <summary>Sends one; on the shard's thread.</summary>
    /// <param name="agent">The shard's agent.</param>
    /// <param name="hop">Where it goes.</param>
    /// <param name="uri">The request URI.</param>
    /// <param name="over">Called once with the final status; null when there will be none. Possibly before this returns.</param>
    public static OutgoingOptions Send(UserAgent agent, Hop hop, string uri, Action<int?> over)
    {
        Span<byte> callId = stackalloc byte[IdSource.TokenLength];
        agent.Table.Ids.Next(callId);
        var tag = new byte[IdSource.TokenLength];
        agent.Table.Ids.Next(tag);
        var dialog = Dialog.OfSent(new OutgoingInvite { Hop = hop, RequestUri = uri, From = $"<sip:{hop.LocalHost}>", To = $"<{uri}>" }, callId.ToArray(), tag);
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(branch);
        var writer = agent.Table.Writer;
        dialog.Begin(writer, SipMethod.Options, dialog.NextCSeq(), branch, agent.UserAgentLine);
        agent.Finish(writer, null, null);
        var options = new OutgoingOptions(over);
        options._transaction = agent.Table.Add<ClientTransaction>(new NonInviteClientTransaction(agent.Table, id, SipMethod.Options, hop, options));
        options._transaction.Start(writer.Written);
        return options;
    }

    /// <summary>Waits no longer; nothing is called any more.</summary>
    public void Abandon() => _transaction?.Terminate();

    void IClientTransactionUser.OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (response.StatusCode >= 200)
            _over(response.StatusCode);
    }

    void IClientTransactionUser.OnNoResponse(ClientTransaction transaction, NoResponse why) => _over(null);

    void IClientTransactionUser.OnFault(ClientTransaction transaction, Exception e) => System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e);
}
