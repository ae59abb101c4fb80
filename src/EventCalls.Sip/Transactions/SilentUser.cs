using System.Runtime.ExceptionServices;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>Hears of a request whose outcome changes nothing any more: a CANCEL, whose INVITE tells the rest, or an INVITE that was refused.</summary>
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
