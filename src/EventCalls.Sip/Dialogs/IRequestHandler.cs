using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>Who sent a request within a dialog. All calls come on the shard's thread; messages are valid during the call only.</summary>
public interface IRequestHandler
{
    /// <summary>A provisional or the final response.</summary>
    void OnResponse(OutgoingRequest request, SipMessage response);

    /// <summary>There will be no final response.</summary>
    void OnNoResponse(OutgoingRequest request, NoResponse why);
}
