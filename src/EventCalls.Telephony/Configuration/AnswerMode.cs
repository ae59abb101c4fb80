namespace EventCalls.Telephony.Configuration;

/// <summary>When the caller's INVITE is answered.</summary>
public enum AnswerMode
{
    /// <summary>Only when a handoff needs it: an invite whose target answered, or a refer.</summary>
    OnHandoff,

    /// <summary>At once, with a session that is on hold (<c>a=inactive</c>) until a handoff connects it.</summary>
    Immediately,
}
