using EventCalls.Contracts;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Tests.Loading;

public sealed class LogicRulesTests
{
    /// <summary>A statement, the rule that refuses it, and a part of what is advised.</summary>
    public static TheoryData<string, string, string> Refused => new()
    {
        // The clock.
        { "var t = DateTime.Now;", "EC1001", "conv.Now" },
        { "var t = DateTime.UtcNow;", "EC1001", "conv.Now" },
        { "var t = DateTime.Today;", "EC1001", "conv.Now" },
        { "var t = DateTimeOffset.Now;", "EC1001", "conv.Now" },
        { "var t = System.DateTimeOffset.UtcNow.Hour;", "EC1001", "conv.Now" },
        { "var t = TimeProvider.System.GetUtcNow();", "EC1001", "conv.Now" },
        { "var t = System.Diagnostics.Stopwatch.GetTimestamp();", "EC1001", "conv.Now" },
        { "var t = Environment.TickCount64;", "EC1001", "conv.Now" },
        { "Func<DateTime> f = () => DateTime.UtcNow;", "EC1001", "conv.Now" },
        { "var t = DateTime.Parse(\"10:30\");", "EC1001", "ParseExact" },
        { "DateTimeOffset.TryParse(\"10:30\", out var t);", "EC1001", "ParseExact" },
        { "var t = DateOnly.Parse(\"5 March\");", "EC1001", "ParseExact" },
        { "var t = DateTime.ParseExact(\"10:30\", \"HH:mm\", null);", "EC1001", "ParseExact" },
        { "var t = DateTimeOffset.ParseExact(\"2026-01-01\", \"yyyy-MM-dd\", null);", "EC1001", "offset" },
        { "var t = Convert.ToDateTime(\"10:30\");", "EC1001", "ParseExact" },
        { "T P<T>(string s) where T : IParsable<T> => T.Parse(s, null); var t = P<DateTime>(\"10:30\");", "EC1001", "ParseExact" },
        { "DateTimeOffset t = new DateTime(2026, 1, 1);", "EC1001", "time zone" },
        { "var t = (DateTimeOffset)new DateTime(2026, 1, 1);", "EC1001", "time zone" },
        { "var t = new DateTimeOffset(new DateTime(2026, 1, 1));", "EC1001", "time zone" },
        { "DateTimeOffset t = new(new DateTime(2026, 1, 1));", "EC1001", "time zone" },
        { "var t = conv.Now.LocalDateTime;", "EC1001", "time zone" },
        { "var t = TimeZoneInfo.ConvertTimeToUtc(new DateTime(2026, 1, 1));", "EC1001", "time zone" },
        { "var t = TimeZoneInfo.ConvertTime(new DateTime(2026, 1, 1), TimeZoneInfo.Utc);", "EC1001", "time zone" },
        { "var t = TimeZoneInfo.Local;", "EC1001", "time zone" },
        { "var r = new System.Text.RegularExpressions.Regex(\"a\", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromMilliseconds(1));", "EC1001", "time limit" },
        // Randomness.
        { "var r = new Random();", "EC1002", "conv.Random" },
        { "Random r = new(7);", "EC1002", "conv.Random" },
        { "var r = Random.Shared.Next();", "EC1002", "conv.Random" },
        { "var g = Guid.NewGuid();", "EC1002", "conv.Random" },
        { "var g = Guid.CreateVersion7();", "EC1002", "conv.Random" },
        { "var s = new[] { 1, 2 }.Shuffle().First();", "EC1002", "conv.Random" },
        { "var r = System.Security.Cryptography.RandomNumberGenerator.GetInt32(9);", "EC1002", "conv.Random" },
        { "var h = conv.CallerNumber.GetHashCode();", "EC1002", "SHA256" },
        { "var h = new object().GetHashCode();", "EC1002", "SHA256" },
        { "var h = HashCode.Combine(conv.CallerNumber, 1);", "EC1002", "SHA256" },
        { "var h = EqualityComparer<string>.Default.GetHashCode(conv.CallerNumber);", "EC1002", "SHA256" },
        { "var h = (conv.CallerNumber, 1).GetHashCode();", "EC1002", "SHA256" },
        { "Func<int> h = conv.CallerNumber.GetHashCode;", "EC1002", "SHA256" },
        { "var h = System.Collections.Immutable.ImmutableHashSet.Create(\"a\", \"b\").First();", "EC1002", "hash codes" },
        { "var h = new System.Collections.Hashtable();", "EC1002", "hash codes" },
        { "var h = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();", "EC1002", "hash codes" },
        { "var h = System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { (\"a\", 1), (\"b\", 2) }).First();", "EC1002", "plain keys" },
        // The world outside.
        { "var s = Environment.GetEnvironmentVariable(\"X\");", "EC1003", "conv.Lookup" },
        { "var s = Environment.MachineName;", "EC1003", "conv.Lookup" },
        { "var s = File.ReadAllText(\"x\");", "EC1003", "conv.Lookup" },
        { "var s = Directory.GetFiles(\".\");", "EC1003", "conv.Lookup" },
        { "var s = new FileInfo(\"x\").Length;", "EC1003", "conv.Lookup" },
        { "var s = Path.GetRandomFileName();", "EC1003", "conv.Lookup" },
        { "var c = new HttpClient();", "EC1003", "conv.Lookup" },
        { "var c = new System.Net.Sockets.UdpClient();", "EC1003", "conv.Lookup" },
        { "var c = System.Net.Dns.GetHostName();", "EC1003", "conv.Lookup" },
        { "System.Diagnostics.Process.Start(\"ls\");", "EC1003", "conv.Lookup" },
        { "System.Console.WriteLine(1);", "EC1003", "conv.State" },
        { "System.Diagnostics.Debug.WriteLine(1);", "EC1003", "conv.State" },
        { "var b = OperatingSystem.IsLinux();", "EC1003", "conv.Lookup" },
        { "var b = AppContext.BaseDirectory;", "EC1003", "conv.Lookup" },
        // Threads.
        { "Thread.Sleep(1);", "EC1004", "one thread" },
        { "Task.Run(() => 1);", "EC1004", "one thread" },
        { "var t = new System.Threading.Timer(_ => { });", "EC1004", "one thread" },
        { "Parallel.For(0, 1, _ => { });", "EC1004", "one thread" },
        { "var n = new[] { 1 }.AsParallel().Count();", "EC1004", "one thread" },
        { "async System.Threading.Tasks.Task F() { }", "EC1004", "async" },
        { "Func<System.Threading.Tasks.Task> f = async () => { };", "EC1004", "one thread" },
        { "lock (conv) { }", "EC1004", "lock" },
        { "var l = new AsyncLocal<int>();", "EC1004", "one thread" },
        { "Interlocked.MemoryBarrier();", "EC1004", "one thread" },
        // Reflection and memory.
        { "var t = conv.GetType();", "EC1006", "reflection" },
        { "var t = typeof(string).Assembly;", "EC1006", "reflection" },
        { "var t = Type.GetType(\"System.DateTime\");", "EC1006", "reflection" },
        { "var t = Activator.CreateInstance<object>();", "EC1006", "reflection" },
        { "dynamic d = 1;", "EC1006", "dynamic" },
        { "Func<int> f = () => 1; var t = f.Target;", "EC1006", "reflection" },
        { "System.Linq.Expressions.Expression<Func<int>> e = () => 1;", "EC1006", "reflection" },
        { "var q = new[] { 1 }.AsQueryable();", "EC1006", "reflection" },
        { "int n = 4; Span<int> s = stackalloc int[n];", "EC1007", "stackalloc" },
        { "System.Runtime.InteropServices.Marshal.AllocHGlobal(1);", "EC1007", "arrays" },
        { "System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(conv);", "EC1002", "SHA256" },
        // The process.
        { "GC.Collect();", "EC1008", "process" },
        { "var w = new WeakReference(conv);", "EC1008", "process" },
        { "var c = System.Globalization.CultureInfo.CurrentCulture;", "EC1008", "InvariantCulture" },
        { "var n = \"a\".Equals(\"b\", StringComparison.CurrentCulture);", "EC1008", "InvariantCulture" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = e.StackTrace; }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = e.ToString(); }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = $\"{e}\"; }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = \"\" + e; }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = string.Format(\"{0}\", e); }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State.Set(\"x\", e); }", "EC1008", "Message" },
        { "try { } catch (OutOfMemoryException) { }", "EC1008", "process" },
        { "var s = string.IsInterned(\"x\");", "EC1005", "conv.State" },
        { "var a = System.Buffers.ArrayPool<byte>.Shared.Rent(9);", "EC1005", "conv.State" },
        { "T F<T>(T e) => e; try { } catch (Exception e) { conv.State[\"x\"] = string.Join(\",\", Enumerable.Repeat(e, 1)); }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = new { e }.ToString(); }", "EC1008", "Message" },
        { "try { } catch (Exception e) { conv.State[\"x\"] = (e, 1).ToString(); }", "EC1008", "Message" },
        { "var l = new List<Exception>();", "EC1008", "Message" },
        { "var s = ReferenceEquals(conv.CallerNumber, conv.CalleeNumber);", "EC1008", "compare the values" },
        { "var s = (object)conv.CallerNumber == (object)conv.CalleeNumber;", "EC1008", "compare the values" },
        { "var s = conv.CallerNumber.AsSpan() == conv.CalleeNumber.AsSpan();", "EC1008", "compare the values" },
        { "var s = new Dictionary<string, int>(ReferenceEqualityComparer.Instance!);", "EC1008", "compare the values" },
        { "var s = new System.Text.StringBuilder().AppendLine();", "EC1008", "line ends" },
        { "var s = \"a\\nb\".ReplaceLineEndings();", "EC1008", "line ends" },
        // Local time by the back door.
        { "var t = DateTime.SpecifyKind(default, DateTimeKind.Local);", "EC1001", "time zone" },
        { "var t = DateTime.SpecifyKind(default, (DateTimeKind)2);", "EC1001", "time zone" },
        { "var t = DateTime.FromBinary(1);", "EC1001", "time zone" },
        { "var t = conv.Now.DateTime.ToString(\"zzz\");", "EC1001", "time zone" },
        { "var t = conv.Now.DateTime.ToString(\"U\");", "EC1001", "time zone" },
        { "var t = conv.Now.DateTime.ToString(conv.CallerNumber);", "EC1001", "time zone" },
        { "var t = $\"{conv.Now.DateTime:zzz}\";", "EC1001", "time zone" },
        { "var t = DateTime.ParseExact(\"2026-01-01T10:00:00.0000000+02:00\", \"o\", null);", "EC1001", "ParseExact" },
        { "var t = DateTime.ParseExact(\"2026-01-01 +02:00\", \"yyyy-MM-dd zzz\", null);", "EC1001", "ParseExact" },
        { "var t = System.Text.Json.JsonDocument.Parse(\"1\").RootElement.GetDateTime();", "EC1001", "time zone" },
        // Hash codes by the back door.
        { "var t = System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { \"a\", \"b\" }, StringComparer.InvariantCulture).First();", "EC1002", "hash codes" },
        { "var t = System.Collections.Immutable.ImmutableSortedSet.Create(Comparer<string>.Create((a, b) => 0), \"a\");", "EC1002", "plain keys" },
        // What nobody has looked at; the routing machinery itself.
        { "var x = new RouterOptions();", "EC1009", "not among" },
        { "EventCalls.Routing.Limits.CheckPoint.Step();", "EC1009", "not among" },
        { "var x = EventCalls.Contracts.EventIds.Derive(default, \"x\");", "EC1009", "not among" },
    };

    // All in one compilation, a file each: a hundred compilations would take longer than all other tests.
    private static readonly Lazy<ILookup<string, LogicDiagnostic>> s_refusals = new(() =>
    {
        var statements = Refused.Select(row => (string)row[0]).ToList();
        var sources = statements.Select((statement, i) => new LogicSource(
            FileOf(i), $$"""
            public sealed partial class Line
            {
                private static void M{{i}}(Conversation conv)
                {
                    {{statement}}
                }
            }
            """));
        var start = new LogicSource("line.cs", "public sealed partial class Line : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); }");
        return LogicCompiler.Compile([start, .. sources]).Diagnostics.ToLookup(d => d.File);
    });

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_a_repeated_decision_could_see_otherwise_is_refused_with_what_to_use_instead(string statement, string id, string advice)
    {
        string file = FileOf(Refused.Select(row => (string)row[0]).ToList().IndexOf(statement));

        var refusal = Assert.Single(s_refusals.Value[file].DistinctBy(d => d.Id));

        Assert.Equal(id, refusal.Id);
        Assert.Contains(advice, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(5, refusal.Line);
    }

    private static string FileOf(int index) => $"s{index:000}.cs";

    [Theory]
    [InlineData("static int s_calls;")]
    [InlineData("static int Calls { get; set; }")]
    [InlineData("static event Action? Called;")]
    [InlineData("static readonly int[] s_calls = new int[1]; static void W() => s_calls[0]++;")]
    [InlineData("static readonly List<int> s_calls = []; static void W() => s_calls.Add(1);")]
    [InlineData("static readonly IReadOnlyList<int> s_calls = new List<int>(); static void W() => ((List<int>)s_calls).Add(1);")]
    [InlineData("static readonly Dictionary<string, int> s_calls = []; static void W() => s_calls[\"a\"] = 1;")]
    [InlineData("static readonly Func<int> s_next = Make(); static Func<int> Make() { int n = 0; return () => n++; }")]
    [InlineData("static IEnumerator<int> Numbers { get; } = Make(); static IEnumerator<int> Make() { int n = 0; while (true) yield return n++; }")]
    [InlineData("static readonly Box s_box = new(); sealed class Box { public int N; }")]
    [InlineData("static readonly Box s_box = new(1); sealed class Box(int n) { public int Next() => n++; }")]
    [InlineData("static readonly Box s_box = new Other(); class Box { } sealed class Other : Box { public int N; }")]
    [InlineData("static readonly (int, List<int>) s_pair = (1, []); static void W() => s_pair.Item2.Clear();")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<int[]> s_a = []; static void W() => s_a[0][0] = 1;")]
    [InlineData("static readonly object s_x = new int[1];")]
    [InlineData("static readonly System.Text.StringBuilder s_x = new();")]
    [InlineData("sealed class Holder<T> { public static int N; }")]
    [InlineData("static int Calls => field++;")]
    [InlineData("static int Calls { get { field = field + 1; return field; } }")]
    [InlineData("static readonly Lazy<int> s_first = new(() => 1);")]
    [InlineData("static class Once { public static string? Caller; }")]
    [InlineData("interface IOnce { static int N; }")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<Func<int>> s_next = [Make()]; static Func<int> Make() { int n = 0; return () => n++; }")]
    [InlineData("static readonly Box s_box = new(); struct Box { public List<int>? N; } static void W() => s_box.N!.Add(1);")]
    [InlineData("static readonly HandoffStep s_step = Handoff.Bye();")]
    public void State_that_one_decision_could_leave_for_the_next_is_refused(string member)
    {
        var check = Logics.Compile(Logics.Start("return Handoff.Bye();", member));

        var refusal = Assert.Single(check.Diagnostics);
        Assert.Equal("EC1005", refusal.Id);
        Assert.Contains("conv.State", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("const int Max = 3;")]
    [InlineData("static readonly string Name = \"x\";")]
    [InlineData("static readonly System.Collections.Frozen.FrozenDictionary<string, string> Table = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, string> { [\"+1\"] = \"us\" });")]
    [InlineData("static readonly System.Collections.Immutable.ImmutableArray<string> Names = [\"a\", \"b\"];")]
    [InlineData("static readonly System.Text.RegularExpressions.Regex Number = new(\"^[0-9]+$\");")]
    [InlineData("static ReadOnlySpan<int> Hours => [9, 17];")]
    [InlineData("static readonly Branch North = new(\"north\", 9); sealed record Branch(string Name, int Opens);")]
    [InlineData("static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(\"UTC\");")]
    [InlineData("static readonly (string, int) Pair = (\"a\", 1);")]
    [InlineData("enum Day { Open, Closed }")]
    [InlineData("int _count; List<string> _seen = [];")]
    [InlineData("sealed class Point { public int X; public override int GetHashCode() => X; public override bool Equals(object? o) => o is Point p && p.X == X; }")]
    public void Constant_tables_and_fields_of_one_decision_are_taken(string member)
    {
        using var logic = Logics.Load(Logics.Start("return Handoff.Bye();", member));

        Assert.Equal("Line", logic.Name);
    }

    [Theory]
    [InlineData("sealed class Key { string N = \"\"; public override int GetHashCode() => N.GetHashCode() & 1; public override bool Equals(object? o) => true; }")]
    [InlineData("sealed class Key { public int Leak; string N = \"\"; public override int GetHashCode() => Leak = HashCode.Combine(N); public override bool Equals(object? o) => true; }")]
    [InlineData("sealed record Key(string N) { public bool Equals(Key? o) => true; }")]
    [InlineData("struct Key { string N; public override bool Equals(object? o) => true; }")]
    [InlineData("sealed class Key : IEquatable<Key> { public bool Equals(Key? o) => true; }")]
    [InlineData("sealed class Key : IEqualityComparer<string> { public bool Equals(string? a, string? b) => true; public int GetHashCode(string s) => s.GetHashCode(); }")]
    public void Equality_that_lets_hash_codes_show_is_refused(string member)
    {
        var check = Logics.Compile(Logics.Start("return Handoff.Bye();", member));

        var refusal = Assert.Single(check.Diagnostics.DistinctBy(d => d.Id));
        Assert.Equal("EC1002", refusal.Id);
        Assert.Contains("conv.Random", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ordinary_logic_is_taken()
    {
        using var logic = Logics.Load(
            """
            using System.Globalization;
            using System.Text;
            using System.Text.RegularExpressions;
            using EventCalls.Contracts;

            namespace Acme.Routing;

            public sealed class Line : RoutingLogic
            {
                public override Decision Start(Conversation conv)
                {
                    var local = TimeZoneInfo.ConvertTime(conv.Now, TimeZoneInfo.Utc);
                    bool open = local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && local.TimeOfDay >= new TimeSpan(9, 0, 0);
                    var day = DateOnly.ParseExact("2026-03-04", "yyyy-MM-dd", CultureInfo.InvariantCulture);
                    var opens = TimeOnly.Parse("09:00", CultureInfo.InvariantCulture);
                    var words = conv.CallerNumber.Split('-').Where(w => w.Length > 0).Select(w => w.Trim()).ToList();
                    var sb = new StringBuilder();
                    foreach (var (name, value) in conv.SipHeaders.Select(h => (h.Name, h.Value)))
                        sb.Append(name).Append('=').Append(value);
                    conv.State.Set("numbers", new { Words = words, Open = open, Text = sb.ToString(), Day = day, Opens = opens });
                    if (Regex.IsMatch(conv.CallerNumber, "^\\+1") && int.TryParse(conv.CalleeNumber.TrimStart('+')[..2], out int n) && n > 5)
                        return Handoff.Reject(403, $"no {n:D2}");
                    var pick = conv.Random.Pick("a", "b");
                    byte[] hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(conv.CallerNumber));
                    try
                    {
                        _ = checked(int.MaxValue + words.Count);
                    }
                    catch (OverflowException e)
                    {
                        conv.State["error"] = e.Message;
                    }
                    return pick switch
                    {
                        "a" when hash[0] > 300 => conv.GotoFlow("vip"),
                        "a" => Handoff.Invite("1"),
                        _ => conv.Lookup("t", "k") is { } found ? Handoff.Refer(found) : Handoff.Bye(),
                    };
                }

                public override Decision TransferFailed(Conversation conv) => conv.LastTransfer switch
                {
                    { Outcome: TransferOutcome.Busy, Method: HandoffMethod.Invite, Attempt: < 3 } => Handoff.Invite("2"),
                    _ => base.TransferFailed(conv),
                };
            }
            """);

        Assert.Equal("Line", logic.Name);
    }

    [Fact]
    public void A_using_static_or_an_alias_hides_nothing()
    {
        var check = Logics.Compile(
            "using static System.DateTime;\nusing Dice = System.Random;\n" + Logics.Start("var t = UtcNow; var d = new Dice(); return Handoff.Bye();"));

        Assert.Contains(check.Diagnostics, d => d.Id == "EC1001");
        Assert.Contains(check.Diagnostics, d => d.Id == "EC1002");
    }
}
