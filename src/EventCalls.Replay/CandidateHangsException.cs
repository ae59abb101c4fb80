namespace EventCalls.Replay;

/// <summary>Too many decisions of the candidate do not end, each holding a thread; the replay cannot go on.</summary>
public sealed class CandidateHangsException(int decisions)
    : Exception($"{decisions} decisions of the candidate hang and cannot be stopped, so that the replay was ended. Look for a regular expression that backtracks, or another single call that takes very long.");
