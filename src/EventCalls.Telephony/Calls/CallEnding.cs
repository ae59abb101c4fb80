using EventCalls.Contracts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Telephony.Calls;

/// <summary>How a call ends: what is recorded of it, and what its open legs are told.</summary>
internal readonly record struct CallEnding
{
    /// <summary>Who ended it.</summary>
    public required CallParty By { get; init; }

    /// <summary>Why.</summary>
    public required CallEndCause Cause { get; init; }

    /// <summary>The event that caused it; null for the last one recorded.</summary>
    public Guid? CausedBy { get; init; }

    /// <summary>The <c>Reason</c> header that came with the BYE or CANCEL, as received; passed on to the other leg.</summary>
    public string? Reason { get; init; }

    /// <summary>The final response to a caller who was not answered, 300–699.</summary>
    public int Status { get; init; }

    /// <summary>Its reason phrase; null for the standard one.</summary>
    public string? Phrase { get; init; }

    /// <summary>Headers of the final response or the BYE to the caller.</summary>
    public IReadOnlyList<HeaderLine>? Headers { get; init; }

    /// <summary>Why a call ends whose leg was lost.</summary>
    public static CallEndCause CauseOf(NoResponse why) => why == NoResponse.Expired ? CallEndCause.SessionExpired : CallEndCause.PeerSilent;

    /// <summary>An end that is our own fault.</summary>
    public static CallEnding OfError => new() { By = CallParty.System, Cause = CallEndCause.Error, Status = 500 };
}
