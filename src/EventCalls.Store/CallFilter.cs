using System.Globalization;
using System.Text;
using EventCalls.Contracts;

namespace EventCalls.Store;

/// <summary>The SQL of a <see cref="CallQuery"/>; both databases read it.</summary>
/// <param name="add">Takes a parameter: its name, and its value as text, time, id, ids or number.</param>
public sealed class CallFilter(Action<string, object> add)
{
    private readonly StringBuilder _where = new();
    private int _headers;

    /// <summary>The whole query for rows.</summary>
    /// <param name="columns">What is selected.</param>
    /// <param name="query">Which calls.</param>
    /// <param name="newestFirst">The order.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="headers">How headers are found.</param>
    /// <param name="add">As the filter's.</param>
    public static string Select(string columns, CallQuery query, bool newestFirst, int limit, HeaderSource headers, Action<string, object> add)
    {
        string where = Where(query, newestFirst, headers, add);
        add("limit", limit);
        string order = newestFirst ? "order by started_at desc, call_id desc limit @limit" : "order by started_at, call_id limit @limit";
        return IsOfEnded(query)
            ? $"select {columns} from (select * from (select {columns} from calls{where} and ended_at is not null {order}) as over union all select * from (select {columns} from calls{where} and ended_at is null {order}) as up) as both_parts {order}"
            : $"select {columns} from calls{where} {order}";
    }

    /// <summary>The whole query for how many there are.</summary>
    public static string Count(CallQuery query, HeaderSource headers, Action<string, object> add)
    {
        string where = Where(query, newestFirst: false, headers, add);
        return IsOfEnded(query)
            ? $"select (select count(*) from calls{where} and ended_at is not null) + (select count(*) from calls{where} and ended_at is null)"
            : $"select count(*) from calls{where}";
    }

    /// <summary>A text as it is stored: PostgreSQL takes no NUL, in what is asked neither, and has U+FFFD in its place.</summary>
    public static string Stored(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace('\0', '\uFFFD');
    }

    // What changes while a call lasts is in indexes of ended calls only, so that they are written once for a call; few are up, and an index has those.
    private static bool IsOfEnded(CallQuery query) =>
        query.Ended is null && ((query.Flow ?? query.Trunk ?? query.Target ?? query.LogicVersion) is not null || query.Outcome is not null || query.Handoff is not null);

    private static string Where(CallQuery query, bool newestFirst, HeaderSource headers, Action<string, object> add)
    {
        var filter = new CallFilter(add);
        if (query.From is { } from)
            filter.And("started_at >= @from", "from", CallProjection.Time(from));
        if (query.To is { } to)
            filter.And("started_at < @to", "to", CallProjection.Time(to));
        filter.AndText("caller", query.Caller);
        filter.AndText("callee", query.Callee);
        filter.AndPrefix("caller", query.CallerPrefix);
        filter.AndPrefix("callee", query.CalleePrefix);
        filter.AndText("flow", query.Flow);
        filter.AndText("trunk", query.Trunk);
        filter.AndText("reason", query.Reason);
        if (query.OfHandoff is { } handoff)
        {
            var (least, greatest) = EventIds.CallsOfHandoff(handoff);
            filter.And("call_id >= @leastId and call_id <= @greatestId", "leastId", least);
            add("greatestId", greatest);
        }
        if (query.Outcome is { } outcome)
            filter.AndText("outcome", WireName.Of(outcome));
        filter.AndText("target", query.Target);
        filter.AndText("handoff", WireName.Of(query.Handoff));
        filter.AndText("logic_version", query.LogicVersion);
        filter.AndThere("archived_at", query.Archived);
        filter.AndThere("masked_at", query.Masked);
        filter.AndThere("ended_at", query.Ended);
        if (query.Behind is { } behind)
        {
            filter.And($"(started_at, call_id) {(newestFirst ? '<' : '>')} (@behindTime, @behindId)", "behindTime", CallProjection.Time(behind.StartedAt));
            add("behindId", behind.CallId);
        }
        if (query.Until is { } until)
        {
            filter.And("(started_at, call_id) >= (@untilTime, @untilId)", "untilTime", CallProjection.Time(until.StartedAt));
            add("untilId", until.CallId);
        }
        if (headers.Among is { } among)
            filter.And("call_id = any(@among)", "among", among);
        foreach (var header in query.Headers)
            filter.AndHeader(header, headers);
        return filter._where.ToString();
    }

    private void AndPrefix(string column, string? prefix)
    {
        if (CallProjection.Text(prefix) is not { Length: > 0 } text)
            return;
        And($"substr({column}, 1, @{column}Length) = @{column}Prefix", $"{column}Prefix", text);
        // Databases count characters, not UTF-16 units.
        add($"{column}Length", text.EnumerateRunes().Count());
    }

    private void AndHeader(HeaderCondition header, HeaderSource headers)
    {
        int number = _headers++;
        var names = header.Names.Select((_, i) => $"@header{number}Name{i}").ToList();
        And($"exists (select 1 from {headers.OfFirstEvent}{string.Format(CultureInfo.InvariantCulture, headers.HasValue, $"@header{number}")} and lower(name) in ({string.Join(", ", names)}) and value = @header{number})", $"header{number}", Stored(header.Value));
        for (int i = 0; i < header.Names.Count; i++)
            add($"header{number}Name{i}", Stored(header.Names[i]).ToLowerInvariant());
    }

    private void AndThere(string column, bool? isThere)
    {
        if (isThere is { } there)
            And(there ? $"{column} is not null" : $"{column} is null");
    }

    private void AndText(string column, string? value)
    {
        if (value is not null)
            And($"{column} = @{column}", column, CallProjection.Text(value)!);
    }

    private void And(string condition, string name, object value)
    {
        And(condition);
        add(name, value);
    }

    private void And(string condition) => _where.Append(_where.Length == 0 ? " where " : " and ").Append(condition);
}
