using EventCalls.Sip.Messages;

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

    /// <inheritdoc />
    public override ReadOnlySpan<byte> TagNamedBy(SipMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Has(HeaderId.Replaces))
            return default;
        var value = request.Header(HeaderId.Replaces);
        int end = value.IndexOf((byte)';');
        return end > 0 && ParameterText.TryGet(value[(end + 1)..], "to-tag"u8, out var tag) ? tag : default;
    }
}
