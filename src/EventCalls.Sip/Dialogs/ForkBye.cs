using System.Runtime.ExceptionServices;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Ends a fork that answered too late; a challenge is answered, as otherwise the peer would keep a call that nobody has.</summary>
internal sealed class ForkBye(UserAgent agent, Dialog dialog, Authorizations? authorizations) : IClientTransactionUser
{
    private AuthorizationTries _tries;

    public void Send()
    {
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(branch);
        var writer = agent.Table.Writer;
        dialog.Begin(writer, SipMethod.Bye, dialog.NextCSeq(), branch, agent.UserAgentLine);
        agent.Finish(writer, null, authorizations?.Of(SipMethod.Bye, dialog.RequestUri));
        agent.Table.Add(new NonInviteClientTransaction(agent.Table, id, SipMethod.Bye, dialog.Hop, this)).Start(writer.Written);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
        if (response.StatusCode is 401 or 407 && authorizations?.Take(response, ref _tries) == true)
            Send();
    }

    public void OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
    }

    public void OnFault(ClientTransaction transaction, Exception e) => ExceptionDispatchInfo.Throw(e);
}
