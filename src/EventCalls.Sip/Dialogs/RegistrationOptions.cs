using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;

namespace EventCalls.Sip.Dialogs;

/// <summary>What is registered, and where (RFC 3261 §10.2).</summary>
public sealed record RegistrationOptions
{
    /// <summary>The request URI: the registrar's domain, without a user.</summary>
    public required string RegistrarUri { get; init; }

    /// <summary>The sip or sips URI whose requests are to come to us; its user is our Contact's, too.</summary>
    public required string AddressOfRecord { get; init; }

    /// <summary>What challenges are answered with; null: a 401 or 407 is a refusal.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>For how long a registration is asked for, seconds.</summary>
    public int ExpiresSeconds { get; init; } = 3_600;
}

/// <summary>Why a registrar did not take what we asked for.</summary>
/// <param name="Status">What it answered; null when it did not.</param>
/// <param name="Why">The same for people.</param>
/// <param name="RetryAfterSeconds">For how long it is not to be asked, as it says; null when it says nothing.</param>
public sealed record RegistrationFailure(int? Status, string Why, int? RetryAfterSeconds = null)
{
    private const int LongestReason = 80;

    /// <summary>Whether another server may do better: this one is not there, or has a fault of its own (RFC 3263 §4.3, RFC 3261 §21.5).</summary>
    public bool IsOfServer => Status is null or 408 or (>= 500 and < 600);

    internal static RegistrationFailure Of(SipMessage response)
    {
        string reason = SipText.Get(response.ReasonPhrase);
        string why = $"it answered {response.StatusCode} {reason[..Math.Min(reason.Length, LongestReason)]}".TrimEnd();
        return new RegistrationFailure(response.StatusCode, why, RegisterAnswer.Seconds(response, HeaderId.RetryAfter));
    }
}

/// <summary>Who keeps a registration: it knows the servers. All calls come on the shard's thread.</summary>
public interface IRegistrationUser
{
    /// <summary>It is time to register: <see cref="Registration.Try"/> is to be called with a hop, now or when one is found, or <see cref="Registration.Fail"/>.</summary>
    void OnDue();

    /// <summary>The registrar has taken it, or taken it again.</summary>
    /// <param name="seconds">For how long.</param>
    void OnRegistered(int seconds);

    /// <summary>A try failed. <see cref="Registration.Try"/> within goes on at once with another server; else it is due again after a pause.</summary>
    void OnFailed(RegistrationFailure failure);

    /// <summary>It is over: it was removed, or nobody could be told. Nothing more comes.</summary>
    void OnRemoved();
}
