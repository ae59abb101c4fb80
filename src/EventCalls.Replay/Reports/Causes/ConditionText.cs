using EventCalls.Contracts;

namespace EventCalls.Replay.Reports.Causes;

/// <summary>Puts a condition into words.</summary>
internal static class ConditionText
{
    public static CauseCondition Of(CallAttribute attribute, IReadOnlyList<string> values)
    {
        bool hasValues = !attribute.Kind.EndsWith("_present", StringComparison.Ordinal) && !attribute.Kind.EndsWith("_absent", StringComparison.Ordinal);
        return new CauseCondition(attribute.Kind, attribute.Name, hasValues ? values : [], PlainText.Of(Words(attribute, values)));
    }

    private static string Words(CallAttribute attribute, IReadOnlyList<string> values) => attribute.Kind switch
    {
        "header" => $"header {attribute.Name} is {OneOf(values)}",
        "header_present" => $"header {attribute.Name} is present",
        "header_absent" => $"header {attribute.Name} is absent",
        "state" => $"state {attribute.Name} is {OneOf(values)}",
        "state_present" => $"state {attribute.Name} is set",
        "state_absent" => $"state {attribute.Name} is not set",
        "caller" => $"the caller is {OneOf(values)}",
        "caller_prefix" => $"the caller's number begins with {OneOf(values)}",
        "callee" => $"the dialled number is {OneOf(values)}",
        "callee_prefix" => $"the dialled number begins with {OneOf(values)}",
        "trunk" => $"the trunk is {OneOf(values)}",
        "hour" => $"the call started between {values[0]}:00 and {values[1]}:59 UTC",
        "weekday" => $"the call started on a {OneOf(values)} (UTC)",
        "old_flow" => $"the old flow is {OneOf(values)}",
        "old_target" => $"the old target is {OneOf(values)}",
        "after" => $"the handoff before came to {OneOf(values)}",
        _ => "the old logic matched nothing",
    };

    private static string OneOf(IReadOnlyList<string> values)
    {
        var shown = values.Select(v => v.Length == 0 ? "empty" : v).ToList();
        return shown.Count == 1 ? shown[0] : $"{string.Join(", ", shown.SkipLast(1))} or {shown[^1]}";
    }
}
