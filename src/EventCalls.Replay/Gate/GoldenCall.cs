using EventCalls.Contracts;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Gate;

/// <summary>A call that must not change, or must be decided as is said here.</summary>
/// <param name="Id">Our call id or the SIP Call-ID.</param>
/// <param name="Flow">The flow it must come to; null for the recorded one.</param>
/// <param name="Target">Where it must go to first: a number, a URI or its user part; null for the recorded one.</param>
public sealed record GoldenCall(string Id, string? Flow, string? Target)
{
    /// <summary>Reads the lines of a file: a call each, <c>#</c> begins a comment, <c>flow=NAME</c> and <c>target=TARGET</c> may follow the id.</summary>
    /// <exception cref="FormatException">A line is none of that; the message names it.</exception>
    public static IReadOnlyList<GoldenCall> Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var calls = new List<GoldenCall>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            // A Call-ID may hold a '#'; a comment stands at the beginning or behind a blank.
            string text = line.TrimStart().StartsWith('#') ? "" : line.Split([" #", "\t#"], 2, StringSplitOptions.None)[0];
            string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            var call = new GoldenCall(words[0], null, null);
            foreach (string word in words[1..])
            {
                call = word.Split('=', 2) switch
                {
                    ["flow", { Length: > 0 } flow] => call with { Flow = flow },
                    ["target", { Length: > 0 } target] => call with { Target = target },
                    _ => throw new FormatException($"line {number} has '{word}'; behind the call id only flow=NAME and target=TARGET are possible"),
                };
            }
            calls.Add(call);
        }
        return calls;
    }

    /// <summary>What is not as it must be; null when all is.</summary>
    public string? Find(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Verdict is Verdict.Error or Verdict.NotReplayable or Verdict.Nondeterministic)
            return $"golden call {Id}: {(call.Error?.Message ?? call.Unrecorded)}";
        var now = call.Decisions[0].Now!;
        if (Flow is not null && now.Flow != Flow)
            return $"golden call {Id}: flow {now.Flow}, must be {Flow}";
        if (Target is not null && (now.Steps.Count == 0 || !TargetName.IsMeant(Target, now.Steps[0])))
            return $"golden call {Id}: {(now.Steps.Count == 0 ? "no handoff" : HandoffWords.Of(now.Steps[0]))}, must go to {Target}";
        if (Flow is not null || Target is not null || call.Verdict == Verdict.Same)
            return null;
        var change = call.Changes[0];
        string more = call.Changes.Count > 1 ? $" and {call.Changes.Count - 1} more" : "";
        return $"golden call {Id} changed: {change.Field} was {change.Was ?? "absent"}, now {change.Now ?? "absent"}{more}";
    }
}
