using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Transactions;

/// <summary>Who sent a request and hears what comes of it.</summary>
internal interface IClientTransactionUser
{
    /// <summary>A provisional or final response; each 2xx to an INVITE, retransmitted ones too. The message is valid during the call.</summary>
    void OnResponse(ClientTransaction transaction, SipMessage response);

    /// <summary>There will be no final response.</summary>
    void OnNoResponse(ClientTransaction transaction, NoResponse why);

    /// <summary>Whether an ICMP error ends the request: not one within a dialog, whose peer may be back for the next repetition.</summary>
    bool EndsUnreachable => false;

    /// <summary>Whether the request is still worth sending another way.</summary>
    bool IsWanted => true;

    /// <summary>Handling a response or a timer of the transaction threw.</summary>
    void OnFault(ClientTransaction transaction, Exception e);
}
