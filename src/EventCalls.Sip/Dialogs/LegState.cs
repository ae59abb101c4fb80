namespace EventCalls.Sip.Dialogs;

/// <summary>How far a leg's INVITE has come.</summary>
public enum LegState
{
    /// <summary>Sent, and nothing but 100 heard.</summary>
    Calling,

    /// <summary>Received or ringing: no final response yet.</summary>
    Early,

    /// <summary>A 2xx was sent or received; its ACK is outstanding.</summary>
    Answered,

    /// <summary>The 2xx is acknowledged.</summary>
    Confirmed,

    /// <summary>Over: refused, cancelled, or a BYE was sent or received.</summary>
    Ended,
}
