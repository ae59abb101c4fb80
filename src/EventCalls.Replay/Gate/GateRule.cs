using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using EventCalls.Replay.Calls;

namespace EventCalls.Replay.Gate;

/// <summary>When a replay is to count as failed: <c>changed&gt;2%</c>, <c>errors&gt;0</c>, <c>moved:+15551234567</c>.</summary>
/// <remarks>Counts its own calls: one rule is for one replay.</remarks>
public sealed partial class GateRule
{
    /// <summary>The forms there are, for messages.</summary>
    public const string Forms =
        "expected changed, errors, notReplayable, nondeterministic, same or moved:TARGET, then >, >=, < or <=, then a number of calls or a percentage, "
        + "such as \"changed>2%\", \"errors>0\", \"same<95%\" or \"moved:+15551234567>10\"; \"moved:TARGET\" alone means more than 0";

    private readonly string _metric;
    private readonly string _operator;
    private readonly decimal _limit;
    private readonly bool _isPercent;
    private readonly string? _target;
    private long _moved;

    private GateRule(string text, string metric, string? target, string comparison, decimal limit, bool isPercent)
    {
        Text = text;
        _metric = metric;
        _target = target;
        _operator = comparison;
        _limit = limit;
        _isPercent = isPercent;
    }

    /// <summary>The rule as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a rule.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GateRule? rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = null;
        if (Form().Match(text.Trim()) is not { Success: true } match)
            return false;
        string metric = match.Groups["metric"].Value.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal);
        string? target = match.Groups["target"] is { Success: true } given ? given.Value.Trim() : null;
        bool isCompared = match.Groups["op"].Success;
        bool isPercent = match.Groups["percent"].Success;
        decimal limit = 0;
        if (isCompared && !decimal.TryParse(match.Groups["limit"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out limit))
            return false;
        if ((isPercent && limit > 100) || (!isPercent && limit != decimal.Truncate(limit)) || (target is null && !isCompared) || target?.Length == 0)
            return false;
        rule = new GateRule(text, metric, target, isCompared ? match.Groups["op"].Value : ">", limit, isPercent);
        return true;
    }

    /// <summary>Counts a call.</summary>
    public void Add(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_target is null || call.Verdict != Verdict.Changed)
            return;
        bool was = call.Decisions.Any(d => TargetName.IsMeant(_target, d.Was));
        bool now = call.Decisions.Any(d => TargetName.IsMeant(_target, d.Now));
        if (was != now)
            _moved++;
    }

    /// <summary>What is wrong and by how much; null when the rule lets the replay pass.</summary>
    public string? Find(ReplayTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        long count = _metric switch
        {
            "changed" => totals.Changed,
            "errors" => totals.Errors,
            "notreplayable" => totals.NotReplayable,
            "nondeterministic" => totals.Nondeterministic,
            "same" => totals.Same,
            _ => _moved,
        };
        decimal value = !_isPercent ? count : totals.Calls == 0 ? 0 : 100m * count / totals.Calls;
        bool isTripped = _operator switch
        {
            ">" => value > _limit,
            ">=" => value >= _limit,
            "<" => value < _limit,
            _ => value <= _limit,
        };
        if (!isTripped)
            return null;
        string what = _metric == "moved" ? $"moved to or away from {_target}" : _metric == "notreplayable" ? "not replayable" : _metric == "errors" ? "with an error" : _metric;
        decimal share = totals.Calls == 0 ? 0 : 100m * count / totals.Calls;
        return string.Create(CultureInfo.InvariantCulture, $"{Text}: {count} of {totals.Calls} calls {what}, {share:0.##} %");
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Text);
        writer.Write(_moved);
    }

    internal void Load(BinaryReader reader)
    {
        if (reader.ReadString() != Text)
            throw new InvalidDataException("it has other rules");
        _moved = reader.ReadInt64();
    }

    [GeneratedRegex(
        @"^(?:(?<metric>changed|errors|not_?replayable|nondeterministic|same)|(?<metric>moved):(?<target>[^<>]*?))\s*(?:(?<op>>=|<=|>|<)\s*(?<limit>\d{1,12}(?:\.\d{1,6})?)\s*(?<percent>%)?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
