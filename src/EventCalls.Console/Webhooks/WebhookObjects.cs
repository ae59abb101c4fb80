using System.Text.Json.Serialization;
using EventCalls.Store.Notifying;

namespace EventCalls.Console.Webhooks;

/// <summary>The webhooks.</summary>
/// <param name="Webhooks">Those this process has configured and those the store knows, by name.</param>
internal sealed record WebhookList(IReadOnlyList<WebhookObject> Webhooks)
{
    public static WebhookList Of(IReadOnlyList<WebhookOptions> configured, IReadOnlyList<WebhookState> states) => new([
        .. from name in configured.Select(webhook => webhook.Name).Union(states.Select(state => state.Name)).Order(StringComparer.Ordinal)
           let options = configured.FirstOrDefault(webhook => webhook.Name == name)
           let state = states.FirstOrDefault(state => state.Name == name)
           select new WebhookObject(name, StateOf(options, state), options?.Events, state?.StoppedAt, state?.StoppedBecause, state?.Owed ?? 0, state?.Failed ?? 0, state?.Dead ?? 0)]);

    private static string StateOf(WebhookOptions? options, WebhookState? state) =>
        state is null ? "new" : state.StoppedAt is not null ? "stopped" : options is null ? "not_configured" : "told";
}

/// <summary>A webhook.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="State"><c>told</c>, <c>stopped</c> (the receiver answered 410), <c>not_configured</c> (in this process), <c>new</c> (nothing was looked at for it yet).</param>
/// <param name="Events">What it is told; null when this process has it not configured.</param>
/// <param name="StoppedAt">When it was stopped, UTC.</param>
/// <param name="StoppedBecause">Why it was stopped.</param>
/// <param name="Owed">How many deliveries it is owed.</param>
/// <param name="Failed">How many of them have failed before, and are tried again.</param>
/// <param name="Dead">How many are tried no more.</param>
public sealed record WebhookObject(string Name, string State, IReadOnlyList<string>? Events, DateTimeOffset? StoppedAt, string? StoppedBecause, long Owed, long Failed, long Dead);

/// <summary>Dead letters of a webhook.</summary>
/// <param name="Dead">The newest first.</param>
internal sealed record DeadLetterList(IEnumerable<DeadLetterObject> Dead);

/// <summary>A delivery that is tried no more.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Type">What is told.</param>
/// <param name="CallId">The call; null for what is about none.</param>
/// <param name="OwedSince">Since when it was owed, UTC.</param>
/// <param name="DeadAt">Since when it is tried no more, UTC.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Problem">What came of the last attempt.</param>
internal sealed record DeadLetterObject(Guid Id, string Type, Guid? CallId, DateTimeOffset OwedSince, DateTimeOffset? DeadAt, int Attempts, string? Problem);

/// <summary>Which dead letters are to be sent again.</summary>
/// <param name="Id">One of them; null for all.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WantedDeadLetters(Guid? Id);

/// <summary>What was asked for.</summary>
/// <param name="Replayed">How many are owed again.</param>
internal sealed record ReplayedDeadLetters(int Replayed);
