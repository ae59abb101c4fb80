using EventCalls.Routing.Tests.Loading;

namespace EventCalls.Routing.Tests.Analyzers;

/// <summary>What an editor offers to write instead compiles, and is taken.</summary>
public sealed class LogicFixesTests
{
    /// <summary>What is refused, and what it becomes: statements of a method that decides.</summary>
    public static TheoryData<string, string> Fixes => new()
    {
        { "var t = DateTimeOffset.UtcNow;", "var t = conv.Now;" },
        { "var t = DateTimeOffset.Now;", "var t = conv.Now;" },
        { "bool open = DateTime.UtcNow.Hour < 17;", "bool open = conv.Now.UtcDateTime.Hour < 17;" },
        { "bool open = DateTime.Now.Hour >= 9 && DateTime.Now.Hour < 17;", "bool open = conv.Now.UtcDateTime.Hour >= 9 && conv.Now.UtcDateTime.Hour < 17;" },
        { "var day = System.DateTime.Today;", "var day = conv.Now.UtcDateTime.Date;" },
        { "var n = TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\").DisplayName;", "var n = TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\").Id;" },
        { "int n = new Random().Next(100);", "int n = conv.Random.Next(100);" },
        { "int n = Random.Shared.Next(1, 7);", "int n = conv.Random.Next(1, 7);" },
        { "var random = new Random(7); int n = random.Next(100);", "var random = conv.Random; int n = random.Next(100);" },
        { "var id = Guid.NewGuid();", "var id = conv.CallId;" },
        { "var h = System.Security.Cryptography.SHA256.Create().ComputeHash(new byte[1]);", "var h = System.Security.Cryptography.SHA256.HashData(new byte[1]);" },
        { "var n = conv.GetType().FullName;", "var n = conv.GetType().Name;" },
        { "try { } catch (Exception e) { conv.State[\"e\"] = e.ToString(); }", "try { } catch (Exception e) { conv.State[\"e\"] = $\"{e.GetType().Name}: {e.Message}\"; }" },
        { "var s = \"a\" + Environment.NewLine;", "var s = \"a\" + \"\\n\";" },
        { "var s = new System.Text.StringBuilder().AppendLine(\"a\").AppendLine().ToString();", "var s = new System.Text.StringBuilder().Append(\"a\").Append('\\n').Append('\\n').ToString();" },
        { "var s = conv.CallerNumber.ReplaceLineEndings();", "var s = conv.CallerNumber.ReplaceLineEndings(\"\\n\");" },
        { "var s = new System.Text.Json.Nodes.JsonObject { [\"a\"] = 1 }.ToString();", "var s = new System.Text.Json.Nodes.JsonObject { [\"a\"] = 1 }.ToJsonString();" },
        { "var c = System.Globalization.CultureInfo.CurrentCulture;", "var c = System.Globalization.CultureInfo.InvariantCulture;" },
        { "bool x = conv.CallerNumber.StartsWith(\"+1\", StringComparison.CurrentCultureIgnoreCase);", "bool x = conv.CallerNumber.StartsWith(\"+1\", StringComparison.OrdinalIgnoreCase);" },
        { "var s = new SortedSet<string>(StringComparer.CurrentCulture);", "var s = new SortedSet<string>(StringComparer.Ordinal);" },
        { "var d = DateTime.Parse(conv.CallerNumber);", "var d = System.DateTime.ParseExact(conv.CallerNumber, [\"yyyy-MM-dd\", \"yyyy-MM-dd HH:mm\", \"yyyy-MM-ddTHH:mm:ss\"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None);" },
        { "var d = DateTimeOffset.Parse(conv.CallerNumber, null);", "var d = System.DateTimeOffset.ParseExact(conv.CallerNumber, [\"yyyy-MM-ddTHH:mm:ssK\", \"yyyy-MM-ddTHH:mm:ss.FFFFFFFK\"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);" },
        { "var d = DateOnly.Parse(conv.CallerNumber);", "var d = System.DateOnly.ParseExact(conv.CallerNumber, \"yyyy-MM-dd\", System.Globalization.CultureInfo.InvariantCulture);" },
        { "bool x = ReferenceEquals(conv.CallerNumber, conv.CalleeNumber);", "bool x = (conv.CallerNumber == conv.CalleeNumber);" },
    };

    [Theory]
    [MemberData(nameof(Fixes))]
    public async Task A_fix_compiles_and_is_taken(string refused, string expected)
    {
        string text = Logics.Start($"{refused} return Handoff.Bye();");
        Assert.NotEmpty(Logics.Compile(text).Diagnostics);

        // One after the other, as long as there are any.
        for (int applied = 0; applied < 5 && await EditorLogic.FixAsync(text) is { } next; applied++)
            text = next.Text;

        Assert.Equal(Logics.Start($"{expected} return Handoff.Bye();"), text);
        var check = Logics.Compile(text);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        check.Logic!.Dispose();
    }

    /// <summary>Static members that are refused, and what becomes of them.</summary>
    public static TheoryData<string, string, string> StaticFixes => new()
    {
        { "_ = s_limit;", "private static int s_limit = 3;", "private static readonly int s_limit = 3;" },
        { "_ = s_agents[s_next++ % 2];", "private static int s_next; static readonly string[] s_agents = [\"1\", \"2\"];", "private int s_next; static readonly string[] s_agents = [\"1\", \"2\"];" },
        { "s_seen.Add(conv.CallerNumber);", "static readonly HashSet<string> s_seen = [];", "readonly HashSet<string> s_seen = [];" },
        { "Names.Add(conv.CallerNumber);", "static List<string> Names { get; } = [];", "List<string> Names { get; } = [];" },
    };

    [Theory]
    [MemberData(nameof(StaticFixes))]
    public async Task A_fix_of_static_state_compiles_and_is_taken(string statement, string refused, string expected)
    {
        string text = Logics.Start($"{statement} return Handoff.Bye();", refused);
        Assert.NotEmpty(Logics.Compile(text).Diagnostics);

        for (int applied = 0; applied < 5 && await EditorLogic.FixAsync(text) is { } next; applied++)
            text = next.Text;

        Assert.Equal(Logics.Start($"{statement} return Handoff.Bye();", expected), text);
        var check = Logics.Compile(text);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        check.Logic!.Dispose();
    }

    /// <summary>What has no fix, because what would be offered does not hold there.</summary>
    public static TheoryData<string, string> Without => new()
    {
        { "int n = Draw();", "static int Draw() => new Random().Next(3);" },
        { "Random r = new(); int n = r.Next(3);", "" },
        { "bool x = ReferenceEquals(conv, new int[1]);", "" },
        { "Seen(conv.CallerNumber);", "static readonly HashSet<string> s_seen = []; static void Seen(string number) => s_seen.Add(number);" },
        { "var t = File.ReadAllText(\"agents.csv\");", "" },
    };

    [Theory]
    [MemberData(nameof(Without))]
    public async Task None_is_offered_where_it_would_not_hold(string statement, string members)
    {
        string text = Logics.Start($"{statement} return Handoff.Bye();", members);
        Assert.NotEmpty(Logics.Compile(text).Diagnostics);

        var (fixes, last) = (0, text);
        while (fixes < 5 && await EditorLogic.FixAsync(last) is { } next)
            (fixes, last) = (fixes + 1, next.Text);

        Assert.Equal(text, last);
    }

    /// <summary>The table of rewrites by hand: whatever is offered for one of them must hold too.</summary>
    [Theory]
    [MemberData(nameof(RewriteTests.Rewrites), MemberType = typeof(RewriteTests))]
    public async Task Whatever_is_offered_for_what_is_refused_holds(string refused, string id, string _)
    {
        var parts = refused.Split(" // ");
        string text = Logics.Start($"{parts[0]} return Handoff.Bye();", parts.Length > 1 ? parts[1] : "");
        int before = Logics.Compile(text).Diagnostics.Count(d => d.Id == id);

        if (await EditorLogic.FixAsync(text) is { } fix)
        {
            var after = Logics.Compile(fix.Text).Diagnostics;
            Assert.True(after.Count(d => d.Id == id) < before, fix.Title);
            Assert.DoesNotContain(after, d => d.Id.StartsWith("CS", StringComparison.Ordinal));
        }
    }
}
