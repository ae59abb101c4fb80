namespace EventCalls.Routing.Tests.Loading;

/// <summary>What is refused can be written otherwise, and what is advised then compiles.</summary>
public sealed class RewriteTests
{
    /// <summary>What is refused, by which rule, and what to write instead: each a statement, and the members after <c>//</c>.</summary>
    public static TheoryData<string, string, string> Rewrites => new()
    {
        { "bool open = DateTime.Now.Hour < 17;", "EC1001", "bool open = TimeZoneInfo.ConvertTime(conv.Now, TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\")).Hour < 17;" },
        { "var d = DateTime.Parse(conv.CallerNumber);", "EC1001", "DateTime.TryParseExact(conv.CallerNumber, [\"yyyy-MM-dd\", \"dd.MM.yyyy\"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var d);" },
        { "bool x = DateOnly.ParseExact(\"12-24\", \"MM-dd\", null) == DateOnly.FromDateTime(conv.Now.UtcDateTime);", "EC1001", "bool x = \"12-24\" == conv.Now.ToString(\"MM-dd\");" },
        { "var d = System.Text.Json.JsonSerializer.Deserialize<DateTimeOffset>(conv.State[\"at\"]!);", "EC1001", "var d = conv.State.Get<DateTimeOffset>(\"at\");" },
        { "var x = string.Format(\"{0:HH:mm}\", conv.Now.DateTime);", "EC1001", "var x = string.Format(\"{0:HH:mm}\", conv.Now);" },
        { "var n = TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\").DisplayName;", "EC1001", "var n = TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\").Id;" },
        { "var d = DateTime.SpecifyKind(conv.Now.DateTime, conv.State.Get<DateTimeKind>(\"k\"));", "EC1001", "var d = DateTime.SpecifyKind(conv.Now.DateTime, DateTimeKind.Utc);" },
        { "var r = new System.Text.RegularExpressions.Regex(\"a\", default, TimeSpan.FromSeconds(1));", "EC1001", "var r = new System.Text.RegularExpressions.Regex(\"a\");" },
        { "int n = new Random().Next(100);", "EC1002", "int n = conv.Random.Next(100);" },
        { "var id = Guid.NewGuid();", "EC1002", "var id = conv.CallId;" },
        { "int h = Math.Abs(conv.CallerNumber.GetHashCode()) % 100;", "EC1002", "uint h = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(conv.CallerNumber))) % 100;" },
        { "var s = System.Collections.Immutable.ImmutableHashSet.Create(\"a\").First();", "EC1002", "var s = System.Collections.Immutable.ImmutableSortedSet.Create(StringComparer.Ordinal, \"a\").First();" },
        { "foreach (var (c, n) in s_closed) conv.State[c] = $\"{n}\"; // static readonly System.Collections.Frozen.FrozenSet<(string, int)> s_closed = [(\"de\", 1)];", "EC1002", "bool x = s_closed.Contains((\"de\", 1)); foreach (var (c, n) in s_all) conv.State[c] = $\"{n}\"; // static readonly (string, int)[] s_all = [(\"de\", 1)]; static readonly System.Collections.Frozen.FrozenSet<(string, int)> s_closed = [.. s_all];" },
        { "var h = System.Security.Cryptography.SHA256.Create().ComputeHash(new byte[1]);", "EC1003", "var h = System.Security.Cryptography.SHA256.HashData(new byte[1]);" },
        { "var t = File.ReadAllText(\"agents.csv\");", "EC1003", "var t = conv.Lookup(\"agents\", conv.CallerNumber);" },
        { "System.Console.WriteLine(conv.CallerNumber);", "EC1003", "conv.State[\"seen\"] = conv.CallerNumber;" },
        { "var a = s_agents[s_next++ % s_agents.Length]; // static int s_next; static readonly string[] s_agents = [\"1\", \"2\"];", "EC1005", "var a = conv.Rotate(\"agents\", s_agents); // static readonly string[] s_agents = [\"1\", \"2\"];" },
        { "s_seen.Add(conv.CallerNumber); // static readonly HashSet<string> s_seen = [];", "EC1005", "_seen.Add(conv.CallerNumber); // readonly HashSet<string> _seen = [];" },
        { "_ = s_one; // class Box { public readonly int N = 1; } class More : Box { public int M; } static readonly Box s_one = new();", "EC1005", "_ = s_one; // class Box { public readonly int N = 1; } class More : Box { public readonly int M; } static readonly Box s_one = new();" },
        { "_ = s_q.Value; // static readonly Lazy<string[]> s_q = new(() => [\"a\"]);", "EC1005", "_ = s_q[0]; // static readonly string[] s_q = [\"a\"];" },
        { "bool x = conv.GetType() == typeof(Conversation);", "EC1006", "bool x = (object)conv is Conversation;" },
        { "var n = conv.GetType().FullName;", "EC1006", "var n = conv.GetType().Name;" },
        { "Span<char> s = stackalloc char[conv.CallerNumber.Length]; s[0] = 'a';", "EC1007", "Span<char> s = conv.CallerNumber.Length <= 32 ? stackalloc char[32] : new char[conv.CallerNumber.Length]; s[0] = 'a';" },
        { "for (int i = 0; i < 3; i++) { Span<char> s = stackalloc char[32]; s[0] = 'a'; }", "EC1007", "Span<char> s = stackalloc char[32]; for (int i = 0; i < 3; i++) { s.Clear(); s[0] = 'a'; }" },
        { "try { } catch (Exception e) { conv.State[\"e\"] = e.ToString(); }", "EC1008", "try { } catch (Exception e) { conv.State[\"e\"] = $\"{e.GetType().Name}: {e.Message}\"; }" },
        { "var s = \"a\" + Environment.NewLine;", "EC1008", "var s = \"a\" + \"\\n\";" },
        { "var s = new System.Text.Json.Nodes.JsonObject { [\"a\"] = 1 }.ToString();", "EC1008", "var s = new System.Text.Json.Nodes.JsonObject { [\"a\"] = 1 }.ToJsonString();" },
        { "var c = System.Globalization.CultureInfo.CurrentCulture;", "EC1008", "var c = System.Globalization.CultureInfo.InvariantCulture;" },
        { "bool x = ReferenceEquals(conv.CallerNumber, conv.CalleeNumber);", "EC1008", "bool x = conv.CallerNumber == conv.CalleeNumber;" },
    };

    [Theory]
    [MemberData(nameof(Rewrites))]
    public void What_is_refused_has_a_rewrite_that_compiles(string refused, string id, string rewrite)
    {
        var check = Compile(refused);
        var instead = Compile(rewrite);

        Assert.All(check.Diagnostics, d => Assert.Equal(id, d.Id));
        Assert.NotEmpty(check.Diagnostics);
        Assert.True(instead.Ok, string.Join('\n', instead.Diagnostics));
        instead.Logic!.Dispose();
    }

    private static EventCalls.Routing.Loading.LogicCheck Compile(string text)
    {
        var parts = text.Split(" // ");
        return Logics.Compile(Logics.Start($"{parts[0]} return Handoff.Bye();", parts.Length > 1 ? parts[1] : ""));
    }
}
