namespace EventCalls.Store.Spooling;

/// <summary>The spool's folder cannot be used.</summary>
/// <param name="folder">The folder.</param>
/// <param name="reason">What happened, and what to do.</param>
/// <param name="inner">The system's exception.</param>
public sealed class SpoolException(string folder, string reason, Exception? inner = null)
    : Exception($"EventCalls:Store:Spool: the folder {folder} cannot be used: {reason}", inner);
