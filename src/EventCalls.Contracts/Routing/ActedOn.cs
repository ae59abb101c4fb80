namespace EventCalls.Contracts;

/// <summary>The mark on a typed message that is told late: its node has acted on it already, without the bus, and it is told for those who only want to know.</summary>
public static class ActedOn
{
    /// <summary>The message header; a router does not decide a call that has it, and a node does not carry a handoff out.</summary>
    public const string Header = "EC-Acted-On";
}
