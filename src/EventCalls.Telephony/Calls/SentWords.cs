using EventCalls.Contracts;

namespace EventCalls.Telephony.Calls;

/// <summary>What an attempt will send, as its <see cref="TransferStarted"/> tells it; as far as it was worked out when something of it cannot be sent.</summary>
internal struct SentWords()
{
    /// <summary>The URI dialled, referred to or redirected to; empty for bye and reject.</summary>
    public string Target { get; set; } = "";

    /// <summary>The outbound endpoint; null where none is used.</summary>
    public string? Trunk { get; set; }

    /// <summary>The caller id presented; null where none is.</summary>
    public string? CallerId { get; set; }

    /// <summary>The custom headers, in order.</summary>
    public IReadOnlyList<SipHeader> Headers { get; set; } = [];
}
