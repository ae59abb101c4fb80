using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Kit;

/// <summary>A file of cases, as read: <c>{"lookups": {…}, "fetches": {…}, "cases": [{"name": …, "call": {…}, "expect": {…}}]}</c>.</summary>
internal sealed record LogicCaseFile(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>>? Lookups, IReadOnlyList<LogicCase> Cases)
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="FormatException">It is none; the message names the file, the case and the field.</exception>
    public static LogicCaseFile Read(string folder, string path)
    {
        string file = Path.GetRelativePath(folder, path).Replace('\\', '/');
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), s_options);
            var root = Fields.Of(json.RootElement, file, "lookups", "fetches", "config", "cases");
            var lookups = root.Find("lookups")?.EnumerateObject().ToDictionary(t => t.Name, Table, StringComparer.Ordinal);
            foreach (var source in root.Find("fetches")?.EnumerateObject() ?? default)
                (lookups ??= new(StringComparer.Ordinal))[FetchNames.Of(source.Name)] = Fetches(source);
            foreach (var value in root.Find("config")?.EnumerateObject() ?? default)
                (lookups ??= new(StringComparer.Ordinal))[ValueNames.Prefix + value.Name] = new Dictionary<string, string?>(StringComparer.Ordinal) { [""] = value.Value.ToString() };
            var cases = root.Find("cases") is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Select((c, i) => Case(c, file, i)).ToList()
                : throw new FormatException($"{file}: cases: must be an array of cases.");
            return new LogicCaseFile(lookups, cases);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{file}: is no file of cases: {e.Message}", e);
        }

        // What the source answers for each key; null is that there is no such thing, {"failure": …} that it fails.
        static IReadOnlyDictionary<string, string?> Fetches(JsonProperty source) => source.Value.EnumerateObject().ToDictionary(
            r => r.Name,
            r => r.Value.ValueKind == JsonValueKind.Null ? null
                : r.Value.ValueKind == JsonValueKind.Object && r.Value.TryGetProperty("failure", out var failure) && WireName.TryParse<FetchFailure>(failure.ToString(), out var how) ? new FetchAnswer { Failure = how }.ToText()
                : new FetchAnswer { Status = 200, Json = r.Value.GetRawText() }.ToText(),
            StringComparer.Ordinal);

        IReadOnlyDictionary<string, string?> Table(JsonProperty table) =>
            table.Value.EnumerateObject().ToDictionary(r => r.Name, r => r.Value.ValueKind == JsonValueKind.Null ? null : r.Value.ToString(), StringComparer.Ordinal);
    }

    private static LogicCase Case(JsonElement json, string file, int index)
    {
        string place = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("name", out var named) && named.ValueKind == JsonValueKind.String
            ? $"{file}: '{named.GetString()}'"
            : $"{file}: case {index + 1}";
        var fields = Fields.Of(json, place, "name", "call", "expect", "fails");
        var expected = fields.Find("expect")?.Clone();
        string? fails = fields.Text("fails");
        if (fails is not null && !WireName.TryParse<RoutingFailureCause>(fails, out _))
            throw new FormatException($"{place}: fails: '{fails}' is no cause of a failure; expected one of {string.Join(", ", WireName.All<RoutingFailureCause>())}.");
        if ((expected is null) == (fails is null))
            throw new FormatException($"{place}: give either expect, the members that the decision must have, or fails, why there is none.");
        if (expected is { ValueKind: not JsonValueKind.Object })
            throw new FormatException($"{place}: expect: must be an object.");
        var call = fields.Find("call") ?? throw new FormatException($"{place}: call: is missing.");
        return new LogicCase(file, fields.Text("name") ?? throw new FormatException($"{place}: name: is missing."), Call(call, $"{place}: call"), expected, fails);
    }

    private static TrialCall Call(JsonElement json, string place)
    {
        var fields = Fields.Of(json, place, "caller", "callee", "trunk", "request_uri", "headers", "identity", "at", "seed", "state", "after_transfer");
        var after = fields.Find("after_transfer") is { } transfer ? Fields.Of(transfer, $"{place}: after_transfer", "outcome", "status", "target", "flow") : null;
        var call = new TrialCall
        {
            Caller = fields.Text("caller") ?? throw new FormatException($"{place}: caller: is missing; \"\" stands for a withheld number."),
            Callee = fields.Text("callee") ?? throw new FormatException($"{place}: callee: is missing."),
            RequestUri = fields.Text("request_uri"),
            Headers = [.. fields.Find("headers")?.EnumerateObject().SelectMany(Headers) ?? []],
            Identity = fields.Text("identity") is not { } verdict ? null
                : WireName.Parse<IdentityVerdict>(verdict) ?? throw new FormatException($"{place}: identity: must be what the check of the Identity headers came to, one of {string.Join(", ", WireName.All<IdentityVerdict>())}."),
            At = fields.Time("at"),
            Seed = fields.Number("seed"),
            State = fields.Find("state")?.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal),
            LastOutcome = after is null ? null : after.Outcome("outcome"),
            LastStatus = after?.Number("status"),
            LastTarget = after?.Text("target"),
        };
        call = fields.Text("trunk") is { } trunk ? call with { Trunk = trunk } : call;
        return after?.Text("flow") is { } flow ? call with { LastFlow = flow } : call;
    }

    private static IEnumerable<SipHeader> Headers(JsonProperty header) =>
        header.Value.ValueKind == JsonValueKind.Array
            ? header.Value.EnumerateArray().Select(v => new SipHeader(header.Name, v.GetString() ?? ""))
            : [new SipHeader(header.Name, header.Value.GetString() ?? "")];

    /// <summary>The members of an object, of which each must be known.</summary>
    private sealed class Fields(JsonElement json, string place)
    {
        public static Fields Of(JsonElement json, string place, params string[] known)
        {
            if (json.ValueKind != JsonValueKind.Object)
                throw new FormatException($"{place}: must be an object.");
            foreach (var member in json.EnumerateObject())
            {
                if (!known.Contains(member.Name, StringComparer.Ordinal))
                    throw new FormatException($"{place}: {member.Name}: is not known; expected {string.Join(", ", known)}.");
            }

            return new Fields(json, place);
        }

        public JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

        public string? Text(string name) => Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => throw new FormatException($"{place}: {name}: must be text."),
        };

        public int? Number(string name) => Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) => value,
            _ => throw new FormatException($"{place}: {name}: must be a whole number."),
        };

        public DateTimeOffset? Time(string name) => Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } time when HasOffset(time.GetString()!) && time.TryGetDateTimeOffset(out var value) => value,
            _ => throw new FormatException($"{place}: {name}: must be a time with its offset such as \"2026-03-04T12:00:00Z\"."),
        };

        public TransferOutcome Outcome(string name) =>
            WireName.TryParse<TransferOutcome>(Text(name), out var outcome) && !TransferOutcomes.IsSuccess(outcome)
                ? outcome
                : throw new FormatException($"{place}: {name}: must say how the transfer failed, one of {string.Join(", ", WireName.All<TransferOutcome>().Where(o => !TransferOutcomes.IsSuccess(WireName.Parse<TransferOutcome>(o)!.Value)))}.");

        private static bool HasOffset(string time) => time.EndsWith('Z') || (time.Length > 6 && time[^6] is '+' or '-');
    }
}
