namespace EventCalls.Sip.Extensions;

/// <summary>An INVITE that takes the place of a dialog of ours (RFC 3891): its Replaces is read by <see cref="Replaces.ReplacesHeader"/>, and found by <see cref="Replaces.ReplacedLeg"/>.</summary>
public sealed class ReplacesExtension : SipExtension
{
    private ReplacesExtension()
    {
    }

    /// <summary>We take them.</summary>
    public static ReplacesExtension Taken { get; } = new();

    /// <inheritdoc />
    public override IReadOnlyList<string> OptionTags { get; } = ["replaces"];
}
