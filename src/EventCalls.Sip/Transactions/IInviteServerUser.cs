namespace EventCalls.Sip.Transactions;

/// <summary>Who answers an INVITE and hears how the answer fared.</summary>
internal interface IInviteServerUser
{
    /// <summary>Timer H: the final 300–699 was never acknowledged (RFC 3261 §17.2.1).</summary>
    void OnRefusalNotAcknowledged(InviteServerTransaction transaction);

    /// <summary>A CANCEL for the INVITE, before its final response; it has been answered 200.</summary>
    void OnCancel(InviteServerTransaction transaction, Messages.SipMessage cancel);

    /// <summary>Handling the CANCEL or a timer of the transaction threw.</summary>
    void OnFault(InviteServerTransaction transaction, Exception e);
}
