using System.Text.Json.Serialization;

namespace EventCalls.Contracts;

/// <summary>Why a call ended; snake_case in JSON.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallEndCause>))]
public enum CallEndCause
{
    /// <summary>A BYE on an answered call.</summary>
    [JsonStringEnumMemberName("hung_up")]
    HungUp,

    /// <summary>The caller cancelled before an answer.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>The other side took the call over after a REFER, and we left it.</summary>
    [JsonStringEnumMemberName("transferred")]
    Transferred,

    /// <summary>We gave the call back with BYE as the logic asked.</summary>
    [JsonStringEnumMemberName("given_back")]
    GivenBack,

    /// <summary>We answered the INVITE with a 3xx as the logic asked.</summary>
    [JsonStringEnumMemberName("redirected")]
    Redirected,

    /// <summary>We answered the INVITE with a 4xx–6xx: as the logic asked, by default, or after failed transfers.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>A peer stopped answering (no ACK, no answer, transport gone), or does not know the call any more (481).</summary>
    [JsonStringEnumMemberName("peer_silent")]
    PeerSilent,

    /// <summary>The node was stopped and drained.</summary>
    [JsonStringEnumMemberName("node_stopped")]
    NodeStopped,

    /// <summary>The node died with the call open.</summary>
    [JsonStringEnumMemberName("node_lost")]
    NodeLost,

    /// <summary>An error of ours.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>What the call was imported from does not show how it ended.</summary>
    [JsonStringEnumMemberName("not_seen")]
    NotSeen,

    /// <summary>Nobody refreshed the session in the time that its timer gave (RFC 4028 §10).</summary>
    [JsonStringEnumMemberName("session_expired")]
    SessionExpired,

    /// <summary>A side whose media goes through the node, and that should have sent some, sent nothing for as long as is allowed.</summary>
    [JsonStringEnumMemberName("media_timeout")]
    MediaTimeout,
}
