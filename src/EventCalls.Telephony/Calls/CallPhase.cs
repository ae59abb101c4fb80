namespace EventCalls.Telephony.Calls;

/// <summary>How far a call is. Of the first five one may follow another as <c>Call.Phases.cs</c> says; ending leads to over alone, and over nowhere.</summary>
internal enum CallPhase
{
    /// <summary>Asks for a decision; its caller, who is answered before there is one, waits until the call's first event is recorded. A decision leads to <see cref="HandingOff"/>, the recorded event to <see cref="Deciding"/>.</summary>
    Beginning,

    /// <summary>Waits for a decision; that, or the deadline, leads to <see cref="HandingOff"/>.</summary>
    Deciding,

    /// <summary>Carries out a handoff, with or without a target that the caller is still connected to. Success leads to <see cref="Connected"/>, <see cref="Leaving"/> or the end; failure back to <see cref="Connected"/> or <see cref="Deciding"/>, or to the end.</summary>
    HandingOff,

    /// <summary>The caller and a target talk; a further handoff leads to <see cref="HandingOff"/>.</summary>
    Connected,

    /// <summary>The caller's side has taken the call over, and is given a little time to hang up.</summary>
    Leaving,

    /// <summary>The end is decided, so that no further attempt is made; the attempt under way may still report.</summary>
    Ending,

    /// <summary>The end is recorded.</summary>
    Over,
}
