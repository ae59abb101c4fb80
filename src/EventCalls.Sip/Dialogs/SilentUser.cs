using System.Runtime.ExceptionServices;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Sends a request whose outcome changes nothing: a CANCEL, whose INVITE tells the rest.</summary>
internal sealed class SilentUser : IClientTransactionUser
{
    public static readonly SilentUser Instance = new();

    public void OnResponse(ClientTransaction transaction, SipMessage response)
    {
    }

    public void OnNoResponse(ClientTransaction transaction, NoResponse why)
    {
    }

    public void OnFault(ClientTransaction transaction, Exception e) => ExceptionDispatchInfo.Throw(e);
}
