namespace EventCalls.Replay.Choosing;

/// <summary>A call that was named is not in the store.</summary>
public sealed class UnknownCallException(string id, string store)
    : Exception($"There is no call '{id}' in {store}. Give a call id or a whole SIP Call-ID; 'eventcalls calls list' shows the newest calls.");
