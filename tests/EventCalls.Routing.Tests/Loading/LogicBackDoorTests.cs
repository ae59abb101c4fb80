using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Tests.Loading;

/// <summary>What is refused by its name is refused by every other way to it.</summary>
public sealed class LogicBackDoorTests
{
    /// <summary>A statement, the members it needs, the rule that refuses it, and a part of what is advised.</summary>
    public static TheoryData<string, string, string, string> Refused => new()
    {
        // Patterns read members.
        { "Func<int, int> f = Math.Abs; var x = f is { Method: { MethodHandle: { Value: var p } } };", "", "EC1006", "reflection" },
        { "Func<int, int> f = Math.Abs; var x = f is { Method.Module.FullyQualifiedName: var p };", "", "EC1006", "reflection" },
        { "Exception e = new(); var x = e is { StackTrace: var s };", "", "EC1008", "Message" },
        { "var x = typeof(string) is { TypeHandle: { Value: var g } };", "", "EC1006", "reflection" },
        { "var x = conv.Now is { LocalDateTime: var l };", "", "EC1001", "time zone" },
        { "var x = conv.Now switch { { LocalDateTime.Hour: > 3 } => 1, _ => 0 };", "", "EC1001", "time zone" },
        { "var x = new StringReader(\"x\").ReadToEndAsync() is { Id: var i };", "", "EC1004", "one thread" },
        { "var x = new StringWriter().FlushAsync();", "", "EC1004", "one thread" },
        // The order of hash codes.
        { "System.Collections.Frozen.FrozenSet<Key> s = [new(\"a\"), new(\"b\")]; _ = s.First();", "record struct Key(string N);", "EC1002", "plain keys" },
        { "System.Collections.Frozen.FrozenSet<(string, int)> s = [(\"a\", 1), (\"b\", 2)]; object o = s;", "", "EC1002", "plain keys" },
        { "F([(\"a\", 1)]);", "static void F(System.Collections.Frozen.FrozenSet<(string, int)> s) { foreach (var x in s) { } }", "EC1002", "plain keys" },
        { "_ = s_keys.Items;", "static readonly System.Collections.Frozen.FrozenSet<(string, int)> s_keys = [(\"a\", 1), (\"b\", 2)];", "EC1002", "plain keys" },
        { "Func<IEnumerable<Key>, IEqualityComparer<Key>?, IEnumerable<Key>> f = System.Collections.Frozen.FrozenSet.ToFrozenSet;", "record struct Key(string N);", "EC1002", "plain keys" },
        { "Func<IEnumerable<string>, IEqualityComparer<string>?, IEnumerable<string>> f = System.Collections.Frozen.FrozenSet.ToFrozenSet;", "", "EC1002", "plain keys" },
        { "Func<IEnumerable<KeyValuePair<(string, int), int>>, IEqualityComparer<(string, int)>?, object> f = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary;", "", "EC1002", "plain keys" },
        // A random key.
        { "var x = new System.Security.Cryptography.HMACSHA256();", "", "EC1002", "HashData(key" },
        { "System.Security.Cryptography.HMACSHA256 x = new();", "", "EC1002", "HashData(key" },
        { "var x = System.Security.Cryptography.SHA256.Create().ComputeHash(new byte[1]);", "", "EC1003", "SHA256.HashData" },
        { "var x = new System.Security.Cryptography.HMACSHA256(new byte[9]).ComputeHash(new byte[1]);", "", "EC1003", "HMACSHA256.HashData" },
        // Today's date.
        { "var x = DateOnly.ParseExact(\"24 of every\", \"dd 'of every'\", null);", "", "EC1001", "ParseExact" },
        { "var x = DateTime.ParseExact(\"10:00 any day\", \"HH:mm 'any day'\", null);", "", "EC1001", "ParseExact" },
        { "var x = DateTime.ParseExact(\"10:00 y\", \"HH:mm \\\\y\", null);", "", "EC1001", "ParseExact" },
        { "var x = DateTimeOffset.ParseExact(\"2026-01-01 z\", \"yyyy-MM-dd \\\"z\\\"\", null);", "", "EC1001", "ParseExact" },
        { "Func<string, string, IFormatProvider?, DateTime> p = DateTime.ParseExact;", "", "EC1001", "ParseExact" },
        // What a static field holds.
        { "var x = System.Net.IPNetwork.Parse(\"fe80::/10\").BaseAddress.ScopeId++;", "", "EC1003", "conv.Lookup" },
        { "var x = System.Net.IPAddress.Parse(\"fe80::1%eth0\") is { ScopeId: > 0 };", "", "EC1003", "conv.Lookup" },
        { "", "static readonly Bus s_bus = new(); sealed class Bus { public event Action? E; public void On() => E += () => { }; }", "EC1005", "conv.State" },
        // The machine's time zone.
        { "var x = string.Format(\"{0:zzz}\", conv.Now.DateTime);", "", "EC1001", "time zone" },
        { "object o = conv.Now.DateTime; var x = $\"{o:zzz}\";", "", "EC1001", "time zone" },
        { "var x = ((IFormattable)conv.Now.DateTime).ToString(\"zzz\", null);", "", "EC1001", "time zone" },
        { "string F<T>(T t) where T : IFormattable => t.ToString(\"zzz\", null);", "", "EC1001", "time zone" },
        { "string F<T>(T t) => $\"{t:zzz}\";", "", "EC1001", "time zone" },
        { "string F<T>(T t) => string.Format(\"{0:zzz}\", t);", "", "EC1001", "time zone" },
        { "Func<string, string> f = conv.Now.DateTime.ToString;", "", "EC1001", "time zone" },
        { "var x = System.Text.Json.JsonSerializer.Deserialize<DateTime>(\"1\");", "", "EC1001", "ParseExact" },
        { "var x = System.Text.Json.JsonSerializer.Deserialize(\"1\", typeof(DateTime));", "", "EC1001", "ParseExact" },
        { "var x = System.Text.Json.Nodes.JsonNode.Parse(\"1\")!.GetValue<DateTimeOffset>();", "", "EC1001", "ParseExact" },
        { "var x = (DateTime)System.Text.Json.Nodes.JsonNode.Parse(\"1\")!;", "", "EC1001", "ParseExact" },
        { "var x = System.Text.Json.JsonDocument.Parse(\"1\").RootElement.GetDateTimeOffset();", "", "EC1001", "ParseExact" },
        { "foreach (DateTimeOffset d in new DateTime[1]) { }", "", "EC1001", "time zone" },
        { "(DateTimeOffset a, int b) = (conv.Now.DateTime, 1);", "", "EC1001", "time zone" },
        { "var t = (conv.Now.DateTime, 1); (DateTimeOffset a, int b) = t;", "", "EC1001", "time zone" },
        { "var t = (conv.Now.DateTime, 1); (DateTimeOffset, int) u = t;", "", "EC1001", "time zone" },
        { "foreach ((int a, (DateTimeOffset b, int c)) in new[] { (1, (conv.Now.DateTime, 1)) }) { }", "", "EC1001", "time zone" },
        { "var t = new DateTime[1]; DateTimeOffset[] x = [.. t];", "", "EC1001", "time zone" },
        { "TimeZoneInfo.TryFindSystemTimeZoneById(\"localtime\", out var z);", "", "EC1001", "IANA" },
        { "var z = TimeZoneInfo.FindSystemTimeZoneById(\"../localtime\");", "", "EC1001", "IANA" },
        { "var z = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(conv.Now, \"posixrules\");", "", "EC1001", "IANA" },
        // Stack traces.
        { "Exception e = new(); var x = e is object o ? o.ToString() : null;", "", "EC1008", "Message" },
        { "Exception e = new(); var x = e switch { object o => o.ToString() };", "", "EC1008", "Message" },
        { "var a = new AggregateException(); foreach (object o in a.InnerExceptions) { }", "", "EC1008", "Message" },
        { "IEnumerable<object> x = new AggregateException().InnerExceptions;", "", "EC1008", "Message" },
        { "Func<object> x = Make;", "static Exception Make() => new();", "EC1008", "Message" },
        { "(object, int) t = F();", "static (InvalidOperationException, int) F() => default;", "EC1008", "Message" },
        { "", "sealed class W { public Exception? E { get; set; } }", "EC1008", "Message" },
        // References without a type.
        { "int i = 1; var r = __makeref(i); var x = __reftype(r) is { Assembly: { Location: var l } };", "", "EC1006", "reflection" },
        { "int i = 1; var r = __makeref(i); var x = __refvalue(r, int);", "", "EC1006", "reflection" },
        // Other things that differ.
        { "var x = \"a\".AsMemory().Equals(\"a\".AsMemory());", "", "EC1008", "compare the values" },
        { "var x = Math.ReciprocalEstimate(3);", "", "EC1003", "conv.Lookup" },
        { "var x = double.ConvertToIntegerNative<int>(3e20);", "", "EC1003", "conv.Lookup" },
        { "Func<string> f = \"a\\nb\".ReplaceLineEndings;", "", "EC1008", "line ends" },
        { "var x = System.Globalization.CultureInfo.InvariantCulture.CompareInfo.Version;", "", "EC1003", "conv.Lookup" },
        { "var x = new System.Text.Json.JsonSerializerOptions { WriteIndented = true };", "", "EC1008", "line ends" },
    };

    private static readonly Lazy<ILookup<string, LogicDiagnostic>> s_refusals = new(() =>
    {
        var sources = Refused.Select((row, i) => new LogicSource(FileOf(i), $$"""
            internal static class Door{{i}}
            {
                {{(string)row[1]}}
                internal static void Open(Conversation conv)
                {
                    {{(string)row[0]}}
                }
            }
            """));
        var diagnostics = LogicCompiler.Compile([new LogicSource("line.cs", Logics.Start("return Handoff.Bye();")), .. sources]).Diagnostics;
        Assert.True(diagnostics.All(d => d.Id.StartsWith("EC", StringComparison.Ordinal)), string.Join('\n', diagnostics));
        return diagnostics.ToLookup(d => d.File);
    });

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_way_around_a_rule_is_refused_with_what_to_use_instead(string statement, string members, string id, string advice)
    {
        int index = Refused.ToList().FindIndex(row => (string)row[0] == statement && (string)row[1] == members);

        var refusals = s_refusals.Value[FileOf(index)].ToList();

        Assert.Contains(refusals, r => r.Id == id && r.Message.Contains(advice, StringComparison.Ordinal));
        Assert.All(refusals, r => Assert.StartsWith("EC", r.Id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("namespace EventCalls.Routing.Deciding { public static class CheckPoint { public static void Enter() { } public static void Step() { } } }")]
    [InlineData("namespace System.Collections.Immutable { public struct Box { public int N; } }")]
    [InlineData("namespace System { public sealed class Clock { } }")]
    public void A_type_that_takes_a_name_of_the_framework_or_of_EventCalls_is_refused(string type)
    {
        var check = Logics.Compile("using EventCalls.Routing;\n" + Logics.Start("return Handoff.Bye();"), type);

        Assert.Contains(check.Diagnostics, d => d is { Id: "EC1010", File: "logic1.cs" } && d.Message.Contains("namespace of your own", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("var x = conv.LastTransfer is { Outcome: EventCalls.Contracts.TransferOutcome.Busy, Attempt: > 1 and var n };")]
    [InlineData("if (conv.CallerNumber is { Length: > 3 } and ['+', '1', .. var rest]) conv.State[\"x\"] = rest;")]
    [InlineData("foreach (var (a, b) in new Dictionary<string, int> { [\"a\"] = 1 }) conv.State[a] = b.ToString();")]
    [InlineData("foreach (object o in new[] { \"a\" }) conv.State[\"x\"] = $\"{o}\";")]
    [InlineData("(string a, long b) = (\"x\", 1); (long, double) c = (1, 2); conv.State[\"x\"] = $\"{a}{b}{c}\";")]
    [InlineData("int[] a = [1, 2]; long[] b = [.. a, 3]; System.Collections.Frozen.FrozenSet<string> s = [\"a\"];")]
    [InlineData("conv.State[\"at\"] = conv.Now.ToString(\"o\"); var at = DateTimeOffset.ParseExact(conv.State[\"at\"]!, \"o\", null);")]
    [InlineData("conv.State[\"at\"] = $\"{conv.Now:HH:mm zzz} {conv.Now.DateTime:yyyy-MM-dd} {conv.CallerNumber,5}\" + string.Format(\"{0:D2} {1}\", 1, conv.CallerNumber);")]
    [InlineData("var d = DateTime.ParseExact(\"2026-01-01 at 10\", \"yyyy-MM-dd 'at' HH\", null);")]
    [InlineData("var z = TimeZoneInfo.FindSystemTimeZoneById(\"America/New_York\"); var t = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(conv.Now, \"Etc/GMT+1\");")]
    [InlineData("conv.State.Set(\"v\", new Visit(\"a\", 2)); var v = conv.State.Get<Visit>(\"v\"); var l = conv.State.Get<List<int>>(\"l\");", "sealed record Visit(string Who, int N);")]
    [InlineData("try { throw new InvalidOperationException(\"a\"); } catch (Exception e) when (e is InvalidOperationException { Message: var m }) { conv.State[\"x\"] = m; }")]
    [InlineData("try { _ = 1; } catch (Exception e) when (e is FormatException or OverflowException) { _ = e.InnerException?.Message; }")]
    [InlineData("var n = new[] { \"1\" }.Where(string.IsNullOrEmpty).Select(int.Parse).ToList();")]
    [InlineData("var q = System.Web.HttpUtility.ParseQueryString(\"a=1&b=2\"); conv.State[\"a\"] = q[\"a\"]; foreach (string? k in q.AllKeys) conv.State[k!] = q[k];")]
    [InlineData("var h = System.Security.Cryptography.HMACSHA256.HashData(new byte[1], new byte[2]);")]
    [InlineData("_ = s_office.Contains(System.Net.IPAddress.Parse(\"10.0.0.1\"));", "static readonly System.Net.IPNetwork s_office = System.Net.IPNetwork.Parse(\"10.0.0.0/8\");")]
    [InlineData("var j = System.Text.Json.JsonDocument.Parse(\"{}\").RootElement; var x = j.TryGetProperty(\"a\", out var a) && a is { ValueKind: System.Text.Json.JsonValueKind.String };")]
    [InlineData("var s = System.Collections.Immutable.ImmutableSortedSet.Create(\"a\"); var x = (from c in s where c.Length > 0 orderby c select c).First();")]
    public void Ordinary_code_is_taken(string statement, string members = "")
    {
        using var logic = Logics.Load(Logics.Start($"{statement} return Handoff.Bye();", members));

        Assert.Equal("Line", logic.Name);
    }

    private static string FileOf(int index) => $"d{index:000}.cs";
}
