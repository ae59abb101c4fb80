using System.Globalization;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Extensions.Reliable;

/// <summary>One PRACK (RFC 3262 §4, §7.2); a challenge is answered. What becomes of it else is the target's affair, which repeats its response or gives up.</summary>
internal sealed class Prack(OutgoingLeg leg, Dialog dialog, uint number, uint invite) : IClientTransactionUser
{
    private AuthorizationTries _tries;

    public void Send()
    {
        var agent = leg.Agent;
        dialog.SettleHop(agent.Output);
        Span<byte> branch = stackalloc byte[IdSource.TokenLength];
        ulong id = agent.Table.Ids.Next(branch);
        var writer = agent.Table.Writer;
        dialog.Begin(writer, SipMethod.Prack, leg.NextCSeq(dialog), branch, agent.UserAgentLine);
        writer.Header(HeaderId.RAck, string.Create(CultureInfo.InvariantCulture, $"{number} {invite} INVITE"));
        agent.Finish(writer, null, leg.Authorizations?.Of(SipMethod.Prack, dialog.RequestUri));
        agent.Table.Add(new NonInviteClientTransaction(agent.Table, id, SipMethod.Prack, dialog.Hop, this)).Start(writer.Written);
    }

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
        leg.OnHeard();
        if (response.StatusCode is 401 or 407 && leg.Authorizations?.Take(response, ref _tries) == true)
            Send();
    }

    public void OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
    }

    public void OnFault(ClientTransaction transaction, Exception e) => leg.Fail(e);
}
