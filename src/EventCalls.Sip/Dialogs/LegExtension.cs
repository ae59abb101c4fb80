using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;

namespace EventCalls.Sip.Dialogs;

/// <summary>What an extension of SIP does on one leg: it adds to what is sent, sees what is heard, and may take requests of a method of its own. Belongs to its shard's thread.</summary>
/// <remarks>A leg has those that it was given by <see cref="OutgoingInvite.Extensions"/> or <see cref="Leg.Use"/>; one that an extension has nothing to say on has none, and pays nothing.</remarks>
public abstract class LegExtension
{
    private Leg? _leg;

    private protected LegExtension()
    {
    }

    /// <summary>The leg it works on.</summary>
    internal Leg Leg => _leg ?? throw new InvalidOperationException("The extension is on no leg yet.");

    internal void Join(Leg leg) => _leg = _leg is null ? leg : throw new InvalidOperationException("The extension works on another leg.");

    /// <summary>Adds headers to a request of ours, be it the INVITE that makes the leg or one within the dialog.</summary>
    internal virtual void AddTo(SipWriter request, SipMethod method)
    {
    }

    /// <summary>Adds headers to a response of ours to an INVITE or UPDATE, which leaves right after.</summary>
    internal virtual void AddTo(SipWriter response, SipMethod method, int status)
    {
    }

    /// <summary>The first look at a request within the dialog; true when it was refused.</summary>
    internal virtual bool Refuses(SipMessage request, Hop hop) => false;

    /// <summary>An INVITE or UPDATE was accepted for an answer.</summary>
    internal virtual void OnAsked(SipMessage request)
    {
    }

    /// <summary>Takes a request of a method that it brings, and answers it; false when it is none of these.</summary>
    internal virtual bool TryTake(SipMessage request, Hop hop) => false;

    /// <summary>A 2xx to an INVITE or UPDATE of ours.</summary>
    internal virtual void OnAnswered(SipMessage response)
    {
    }

    /// <summary>A refusal of an INVITE or UPDATE of ours; true to have it sent once more, as the extension says now.</summary>
    internal virtual bool Retries(SipMessage refusal) => false;

    /// <summary>Sends a provisional response to the leg's INVITE, now or later, in its own way; false when it is to be sent as any other.</summary>
    internal virtual bool TrySend(int status, Content? content, IReadOnlyList<HeaderLine>? headers) => false;

    /// <summary>Whether the 200 to the leg's INVITE has to wait; the extension has it sent then.</summary>
    internal virtual bool Holds(Content? content, IReadOnlyList<HeaderLine>? headers) => false;

    /// <summary>A provisional response 101–199 to the leg's INVITE; false when it is not to be passed up.</summary>
    internal virtual bool TakesProvisional(SipMessage response) => true;

    /// <summary>Whether the early dialog has its offer and its answer, as a reliable provisional response and its PRACK settle them (RFC 3262 §5).</summary>
    internal virtual bool HasSettledEarly => false;

    /// <summary>The call on the leg is over.</summary>
    internal virtual void OnClosed()
    {
    }
}
