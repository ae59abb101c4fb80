using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Extensions;

/// <summary>What an extension of SIP adds to a user agent; a user agent that has it says so in its Allow, Supported and Accept headers.</summary>
/// <remarks>A new one is a file here (or a folder, where it needs more) and a line in <see cref="Dialogs.UserAgentOptions.Extensions"/>.</remarks>
public abstract class SipExtension
{
    /// <summary>The methods that are taken with it.</summary>
    public virtual IReadOnlyList<SipMethod> Methods => [];

    /// <summary>The option tags it understands: in Supported, and in the Require of others (RFC 3261 §19.2).</summary>
    public virtual IReadOnlyList<string> OptionTags => [];

    /// <summary>Whether a peer may require its option tags; false where they only offer something of ours.</summary>
    public virtual bool MayBeRequired => true;

    /// <summary>What a request of one of its methods is answered outside a dialog, 400–699; 481 where that means something within one only.</summary>
    public virtual int StatusOutsideDialog(SipMethod method) => 481;

    /// <summary>The tag of a dialog of ours that a request outside one names, so that the shard of that dialog takes it; empty when it names none.</summary>
    public virtual ReadOnlySpan<byte> TagNamedBy(SipMessage request) => default;

    /// <summary>The types of bodies it understands.</summary>
    public virtual IReadOnlyList<string> ContentTypes => [];
}
