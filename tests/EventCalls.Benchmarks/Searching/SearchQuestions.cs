using EventCalls.Contracts;

using Npgsql;

namespace EventCalls.Benchmarks.Searching;

/// <summary>Something that the API is asked for, of different values.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Addresses">What is asked.</param>
internal sealed record SearchQuestion(string Name, IReadOnlyList<string> Addresses);

/// <summary>What the API is asked for.</summary>
internal static class SearchQuestions
{
    private const string Columns = "call_id, sip_call_id, started_at, caller, callee, trunk, flow, target, outcome, reason, logic_version, handoff";

    private static readonly (string Parameter, string Column)[] s_fields =
        [("caller", "caller"), ("callee", "callee"), ("trunk", "trunk"), ("flow", "flow"), ("target", "target"), ("outcome", "outcome"), ("reason", "reason"), ("version", "logic_version"), ("handoff", "handoff")];

    /// <summary>Makes the questions from what is stored.</summary>
    public static async Task<IReadOnlyList<SearchQuestion>> MakeAsync(NpgsqlDataSource source, DateTimeOffset begin, long calls, int whole, int runs, bool headerIndex)
    {
        var random = new Random(7);
        var some = await RowsAsync(source, $"select {Columns} from calls tablesample system ({Math.Min(100, 6_000_000.0 / calls):0.######}) order by random() limit {runs}");
        var questions = new List<SearchQuestion> { new("the newest", [.. some.Select(_ => "/api/calls")]) };
        foreach (var (parameter, column) in s_fields)
        {
            // A field of many values needs no other kind of chance.
            var values = await RowsAsync(source, $"select {column} from (select distinct {column} from calls where {column} is not null limit 6000) as value order by random() limit {runs / 2}");
            var taken = some.Where(row => row[column] is not null).Take(runs / 2).Concat(Repeat(values, runs / 2)).Select(row => Pair(parameter, row[column])).ToList();
            questions.Add(new(parameter, [.. taken.Select(pair => $"/api/calls?{pair}")]));
            questions.Add(new($"{parameter}, of a day", [.. taken.Select(pair => $"/api/calls?{pair}&{Range(begin, random, TimeSpan.FromDays(1))}")]));
            if (parameter is "trunk" or "version")
                questions.Add(new($"{parameter}, a page anywhere", [.. taken.Zip(some, (pair, row) => $"/api/calls?{pair}&after={Cursor(row)}")]));
        }
        questions.Add(new("trunk and outcome", [.. some.Select(row => $"/api/calls?{Pair("trunk", row["trunk"])}&{Pair("outcome", row["outcome"])}")]));
        questions.Add(new("flow, outcome, handoff, of a week", [.. some.Select(row => $"/api/calls?{Pair("flow", row["flow"])}&{Pair("outcome", row["outcome"])}&{Pair("handoff", row["handoff"])}&{Range(begin, random, TimeSpan.FromDays(7))}")]));
        questions.Add(new("under way", [.. some.Select(_ => "/api/calls?ended=false")]));
        questions.Add(new("archived (there is none)", [.. some.Take(20).Select(_ => "/api/calls?archived=true")]));
        questions.Add(new("of an hour", [.. some.Select(_ => $"/api/calls?{Range(begin, random, TimeSpan.FromHours(1))}")]));
        questions.Add(new("a page anywhere", [.. some.Select(row => $"/api/calls?after={Cursor(row)}")]));
        foreach (var (name, length, count) in (ReadOnlySpan<(string, TimeSpan, int)>)[("ten minutes", TimeSpan.FromMinutes(10), runs), ("an hour", TimeSpan.FromHours(1), runs), ("a day", TimeSpan.FromDays(1), 20), ("a week", TimeSpan.FromDays(7), 5)])
            questions.Add(new($"header of one call, of {name}", [.. some.Take(count).Select(_ => $"/api/calls?header.X-Customer-ID=customer-{random.Next(1_000_000)}&{Range(begin, random, length)}")]));
        if (headerIndex)
        {
            questions.Add(new("header of one call, of any time", [.. some.Select(_ => $"/api/calls?header.X-Customer-ID=customer-{random.Next(1_000_000)}")]));
            questions.Add(new("header of all calls, of any time", [.. some.Select(_ => "/api/calls?header.X-Call-Type=support")]));
        }
        questions.Add(new("header of all calls, of a week", [.. some.Select(_ => $"/api/calls?header.X-Call-Type=support&{Range(begin, random, TimeSpan.FromDays(7))}")]));
        var shown = await RowsAsync(source, $"select stream_id as call_id, data ->> 'handoffId' as id from mt_events tablesample system ({Math.Min(100, 30_000_000.0 / calls):0.######}) where type = 'handoff_requested' and {CallFill.Whole($"{whole}", "stream_id")} order by random() limit {runs}");
        questions.Add(new("handoff by its id", [.. shown.Select(row => $"/api/handoffs/{row["id"]}")]));
        foreach (string part in (string[])["", "/events", "/ladder", "/ladder.svg"])
            questions.Add(new($"a call{part}", [.. shown.Select(row => $"/api/calls/{row["call_id"]}{part}")]));
        questions.Add(new("a call by SIP Call-ID", [.. some.Select(row => $"/api/calls/{Uri.EscapeDataString((string)row["sip_call_id"]!)}")]));
        questions.Add(new("the page of a call", [.. shown.Select(row => $"/calls/{row["call_id"]}")]));
        questions.Add(new("the page of a search", [.. some.Select(row => $"/calls?{Pair("caller", row["caller"])}")]));
        return questions;
    }

    private static string Pair(string parameter, object? value) => $"{parameter}={Uri.EscapeDataString((string)value!)}";

    private static string Range(DateTimeOffset begin, Random random, TimeSpan length)
    {
        var from = begin + (random.NextDouble() * (TimeSpan.FromDays(30) - length));
        return $"from={UtcTime.Milliseconds(from)}&to={UtcTime.Milliseconds(from + length)}";
    }

    // As the API writes it: the place behind a call.
    private static string Cursor(Dictionary<string, object?> row)
    {
        Span<byte> bytes = stackalloc byte[24];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, ((DateTime)row["started_at"]!).Ticks);
        ((Guid)row["call_id"]!).TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    private static IEnumerable<Dictionary<string, object?>> Repeat(List<Dictionary<string, object?>> rows, int count) => Enumerable.Range(0, count).Select(i => rows[i % rows.Count]);

    private static async Task<List<Dictionary<string, object?>>> RowsAsync(NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (object value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Dictionary<string, object?>>();
        while (await reader.ReadAsync())
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        return rows;
    }
}
