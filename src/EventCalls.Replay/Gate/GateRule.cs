using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Choosing;

namespace EventCalls.Replay.Gate;

/// <summary>When a replay is to count as failed: <c>changed&gt;2%</c>, <c>errors&gt;0</c>, <c>moved:+15551234567</c>, <c>load:+15551234567&gt;120%</c>, each <c>where FIELD=VALUE</c> of a segment only.</summary>
/// <remarks>Counts its own calls: one rule is for one replay.</remarks>
public sealed partial class GateRule
{
    /// <summary>What a rule looks like, for people.</summary>
    public static string Forms { get; } = "expected \"changed>2%\", \"errors>0\", \"same<95%\" or \"moved:+15551234567>10\"; \"moved:TARGET\" alone means more than 0; \"load:+15551234567>120%\" for calls in the busiest hour; behind it \" where header.X-Tier=gold and caller=+1555*\" for a segment, of " + string.Join(", ", CallCondition.Fields) + ", header.NAME";

    private const string Where = " where ";

    private readonly string _metric;
    private readonly string _operator;
    private readonly decimal _limit;
    private readonly bool _isPercent;
    private readonly string? _target;
    private readonly IReadOnlyList<CallCondition> _segment;
    private readonly ReplayTotals _inSegment = new();
    private readonly PeakLoad? _load;
    private long _moved;

    private GateRule(string text, string metric, string? target, string comparison, decimal limit, bool isPercent, IReadOnlyList<CallCondition> segment)
    {
        Text = text;
        _metric = metric;
        _target = target;
        _operator = comparison;
        _limit = limit;
        _isPercent = isPercent;
        _segment = segment;
        _load = metric == "load" ? new PeakLoad(target!) : null;
    }

    /// <summary>The rule as it was given.</summary>
    public string Text { get; }

    private string Segment => string.Join(" and ", _segment);

    /// <summary>Reads a rule.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out GateRule? rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = null;
        int where = text.IndexOf(Where, StringComparison.OrdinalIgnoreCase);
        var segment = where < 0 ? [] : Conditions(text[(where + Where.Length)..]);
        if (segment is null || Form().Match((where < 0 ? text : text[..where]).Trim()) is not { Success: true } match)
            return false;
        string metric = match.Groups["metric"].Value.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal);
        string? target = match.Groups["target"] is { Success: true } given ? given.Value.Trim() : null;
        bool isCompared = match.Groups["op"].Success;
        bool isPercent = match.Groups["percent"].Success;
        bool isLoad = metric == "load";
        decimal limit = 0;
        if (isCompared && !decimal.TryParse(match.Groups["limit"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out limit))
            return false;
        if ((isPercent && !isLoad && limit > 100) || (!isPercent && limit != decimal.Truncate(limit)) || ((target is null || isLoad) && !isCompared) || target?.Length == 0)
            return false;
        rule = new GateRule(text, metric, target, isCompared ? match.Groups["op"].Value : ">", limit, isPercent, segment);
        return true;
    }

    /// <summary>Counts a call.</summary>
    public void Add(ReplayedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (_segment.Count > 0)
        {
            if (!_segment.All(condition => condition.IsMet(call.Call, call.Started)))
                return;
            _inSegment.Add(call);
        }
        _load?.Add(call);
        if (_metric != "moved" || call.Verdict != Verdict.Changed)
            return;
        bool was = call.Decisions.Any(d => TargetName.IsMeant(_target!, d.Was));
        bool now = call.Decisions.Any(d => TargetName.IsMeant(_target!, d.Now));
        if (was != now)
            _moved++;
    }

    /// <summary>What is wrong and by how much; null when the rule lets the replay pass.</summary>
    public string? Find(ReplayTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        if (_segment.Count > 0)
        {
            totals = _inSegment;
            // A condition with a slip in it would let everything pass.
            if (totals.Calls == 0)
                return $"{Text}: no call with {Segment} was decided again, so that the rule shows nothing";
        }
        if (_load is not null)
            return FindLoad(_load);
        long count = _metric switch
        {
            "changed" => totals.Changed,
            "expected" => totals.Expected,
            "errors" => totals.Errors,
            "notreplayable" => totals.NotReplayable,
            "nondeterministic" => totals.Nondeterministic,
            "same" => totals.Same,
            _ => _moved,
        };
        decimal share = totals.Calls == 0 ? 0 : 100m * count / totals.Calls;
        if (!IsTripped(_isPercent ? share : count))
            return null;
        string what = _metric switch
        {
            "moved" => $"moved to or away from {_target}",
            "notreplayable" => "not replayable",
            "errors" => "with an error",
            "expected" => "changed as expected",
            _ => _metric,
        };
        string of = _segment.Count > 0 ? $"calls with {Segment}" : "calls";
        return string.Create(CultureInfo.InvariantCulture, $"{Text}: {count} of {totals.Calls} {of} {what}, {share:0.##} %");
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Text);
        writer.Write(_moved);
        _inSegment.Save(writer);
        _load?.Save(writer);
    }

    internal void Load(BinaryReader reader)
    {
        if (reader.ReadString() != Text)
            throw new InvalidDataException("it has other rules");
        _moved = reader.ReadInt64();
        _inSegment.Load(reader);
        _load?.Load(reader);
    }

    private string? FindLoad(PeakLoad load)
    {
        long calls = load.Now.Calls;
        // Without a peak to compare with, any call is more than any share of it.
        decimal value = !_isPercent ? calls : load.Was > 0 ? 100m * calls / load.Was : calls > 0 ? decimal.MaxValue : 0;
        return IsTripped(value) ? $"{Text}: {load.Words()}" : null;
    }

    private bool IsTripped(decimal value) => _operator switch
    {
        ">" => value > _limit,
        ">=" => value >= _limit,
        "<" => value < _limit,
        _ => value <= _limit,
    };

    private static List<CallCondition>? Conditions(string text)
    {
        var conditions = new List<CallCondition>();
        foreach (string part in And().Split(text))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !CallCondition.TryField(part[..equals].Trim(), part[(equals + 1)..].Trim(), out var condition))
                return null;
            conditions.Add(condition);
        }
        return conditions;
    }

    [GeneratedRegex(@"\s+and\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex And();

    [GeneratedRegex(
        @"^(?:(?<metric>changed|expected|errors|not_?replayable|nondeterministic|same)|(?<metric>moved|load):(?<target>[^<>]*?))\s*(?:(?<op>>=|<=|>|<)\s*(?<limit>\d{1,12}(?:\.\d{1,6})?)\s*(?<percent>%)?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
