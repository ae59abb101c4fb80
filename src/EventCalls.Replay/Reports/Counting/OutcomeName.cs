using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Counting;

/// <summary>The names of outcomes as they stand in the events.</summary>
internal static class OutcomeName
{
    private static readonly FrozenDictionary<TransferOutcome, string> s_names = Enum.GetValues<TransferOutcome>()
        .ToFrozenDictionary(o => o, o => typeof(TransferOutcome).GetField(o.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name);

    /// <summary>The name; null for none.</summary>
    public static string? Of(TransferOutcome? outcome) => outcome is { } known ? s_names[known] : null;
}
