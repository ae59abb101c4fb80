using System.Text.Json.Serialization;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Store;

namespace EventCalls.Console.Calls;

/// <summary>A page of a list of calls.</summary>
/// <param name="Calls">The calls, as <c>calls list --json</c> has them.</param>
/// <param name="Next">What <c>after</c> is for the next page; null when this is the last one.</param>
/// <param name="SearchedTo">Down to when calls were looked into for a header, UTC, where that took so long that the page is not full; left out otherwise.</param>
internal sealed record CallPage(IEnumerable<ListedCall> Calls, string? Next, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? SearchedTo);

/// <summary>One call by itself: what lists have of it, and behind that what else the projection knows.</summary>
/// <param name="row">The call as the projection has it.</param>
internal sealed class DetailedCall(CallRow row) : ListedCall(row)
{
    // Without an order these would come before what lists have.
    private const int After = 1;

    [JsonPropertyOrder(After)]
    public string? Reason => Row.Reason;

    [JsonPropertyOrder(After)]
    public string Node => Row.Node;

    [JsonPropertyOrder(After)]
    public DateTimeOffset? AnsweredAt => Row.AnsweredAt;

    [JsonPropertyOrder(After)]
    public CallParty? EndedBy => Row.EndedBy;

    [JsonPropertyOrder(After)]
    public CallEndCause? EndCause => Row.EndCause;

    [JsonPropertyOrder(After)]
    public long? DecisionUs => Row.DecisionMicroseconds;

    [JsonPropertyOrder(After)]
    public long? PostDialDelayMs => Row.PostDialDelayMs;

    [JsonPropertyOrder(After)]
    public DateTimeOffset? MaskedAt => Row.MaskedAt;

    [JsonPropertyOrder(After)]
    public long Events => Row.Version;
}
