using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Replay.Tests;

/// <summary>Logic that reads what is not recorded: refused when it is compiled, or nondeterministic; never the same. In deciders: <see cref="Deciders.InDecidersTests"/>.</summary>
[Collection("time zone")]
public sealed class CheatTests
{
    /// <summary>Statements, and the members they need, that decide by something besides the call.</summary>
    public static TheoryData<string, string> Cheats => new()
    {
        { "var x = DateTime.Now.Second % 2;", "" },
        { "var x = Clock.UtcNow.Ticks % 2;", "" },
        { "var x = UtcNow.Ticks % 2;", "" },
        { "var x = typeof(DateTime).GetProperty(\"Now\")!.GetValue(null);", "" },
        { "var x = Type.GetType(\"System.DateTime\");", "" },
        { "dynamic d = conv; var x = d.Now;", "" },
        { "var x = Activator.CreateInstance(\"System.Private.CoreLib\", \"System.Random\");", "" },
        { "var x = s_calls++;", "static int s_calls;" },
        { "var x = Calls;", "static int Calls => field++;" },
        { "var x = s_first.Value;", "static readonly Lazy<string> s_first = new(() => \"\");" },
        { "s_seen.Add(conv.CallerNumber); var x = s_seen.Count;", "static readonly HashSet<string> s_seen = [];" },
        { "t_calls++;", "[ThreadStatic] static int t_calls;" },
        { "s_local.Value++;", "static readonly AsyncLocal<int> s_local = new();" },
        { "var x = Once<int>.N++;", "static class Once<T> { public static int N; }" },
        { "var x = Environment.GetEnvironmentVariable(\"HOME\");", "" },
        { "var x = Environment.CurrentManagedThreadId;", "" },
        { "var x = Environment.ProcessId;", "" },
        { "var x = Thread.CurrentThread.ManagedThreadId;", "" },
        { "var x = conv.CallerNumber.GetHashCode();", "" },
        { "object o = conv.CallerNumber; var x = o.GetHashCode();", "" },
        { "Func<int> f = conv.CallerNumber.GetHashCode; var x = f();", "" },
        { "var x = new HashSet<Key> { new(\"a\"), new(\"b\") }.Count;", "sealed record Key(string N) { public bool Equals(Key? o) => true; }" },
        { "var x = Guid.NewGuid();", "" },
        { "var x = new Random().Next();", "" },
        { "var x = Path.GetRandomFileName();", "" },
        { "var x = new object().GetHashCode();", "" },
        { "var x = System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(conv);", "" },
        { "var x = File.Exists(\"/tmp/flag\");", "" },
        { "var x = new StreamReader(\"/etc/hostname\").ReadToEnd();", "" },
        { "var x = new HttpClient();", "" },
        { "var x = System.Net.Dns.GetHostName();", "" },
        { "var x = System.Diagnostics.Process.GetCurrentProcess().Id;", "" },
        { "var x = System.Diagnostics.Stopwatch.GetTimestamp();", "" },
        { "var x = new CancellationTokenSource(1).IsCancellationRequested;", "" },
        { "var x = Task.Run(() => 1).IsCompleted;", "" },
        { "var x = TimeZoneInfo.Local.BaseUtcOffset;", "" },
        { "var x = conv.Now.LocalDateTime.Hour;", "" },
        { "var x = $\"{conv.Now.DateTime:zzz}\";", "" },
        { "var x = System.Globalization.CultureInfo.CurrentCulture.Name;", "" },
        { "var x = string.Compare(\"a\", \"b\", StringComparison.CurrentCulture);", "" },
        { "var x = GC.CollectionCount(0);", "" },
        { "var x = new WeakReference(conv).IsAlive;", "" },
        { "new Box();", "sealed class Box { ~Box() { } }" },
        { "try { throw new Exception(); } catch (Exception e) { conv.State[\"x\"] = e.StackTrace; }", "" },
        { "try { throw new Exception(); } catch (Exception e) { conv.State[\"x\"] = $\"{e}\"; }", "" },
        { "try { throw new Exception(); } catch (Exception e) { conv.State[\"x\"] = new { e }.ToString(); }", "" },
        { "var x = new System.Collections.Hashtable { [\"a\"] = 1, [\"b\"] = 2 };", "" },
        { "var x = System.Collections.Immutable.ImmutableDictionary<string, int>.Empty.First();", "" },
        { "var x = System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { \"a\", \"b\" }, StringComparer.InvariantCultureIgnoreCase);", "" },
        { "var x = ReferenceEquals(conv.CallerNumber, conv.SipHeaders[0].Value);", "" },
        { "var x = string.IsInterned(conv.CallerNumber);", "" },
        { "var x = System.Buffers.ArrayPool<byte>.Shared.Rent(64)[0];", "" },
        { "var x = new[] { 1, 2 }.AsParallel().First();", "" },
        { "var x = AppContext.TargetFrameworkName;", "" },
        { "var x = System.Runtime.InteropServices.RuntimeInformation.OSDescription;", "" },
        { "var x = IntPtr.Size;", "" },
        { "var x = default(System.Threading.Lock);", "" },
        { "var x = getpid();", "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();" },
        { "System.Linq.Expressions.Expression<Func<DateTime>> x = () => default;", "" },
        { "System.Console.In.ReadLine();", "" },
        { "var x = System.Security.Cryptography.RandomNumberGenerator.GetInt32(2);", "" },
        { "var x = new System.Text.StringBuilder().AppendLine(\"a\").ToString();", "" },
        { "Func<int, int> f = Math.Abs; var x = f is { Method: { MethodHandle: { Value: var p } } };", "" },
        { "var x = conv.Now is { LocalDateTime: var l };", "" },
        { "var x = new StringReader(\"x\").ReadToEndAsync() is { Id: var i };", "" },
        { "System.Collections.Frozen.FrozenSet<(string, int)> s = [(\"a\", 1), (\"b\", 2)]; var x = s.First();", "" },
        { "Func<IEnumerable<(string, int)>, IEqualityComparer<(string, int)>?, IEnumerable<(string, int)>> f = System.Collections.Frozen.FrozenSet.ToFrozenSet;", "" },
        { "var x = new System.Security.Cryptography.HMACSHA256();", "" },
        { "var x = DateOnly.ParseExact(\"24 of every\", \"dd 'of every'\", null);", "" },
        { "s_net.BaseAddress.ScopeId++;", "static readonly System.Net.IPNetwork s_net = System.Net.IPNetwork.Parse(\"fe80::/10\");" },
        { "s_bus.On();", "static readonly Bus s_bus = new(); sealed class Bus { event Action? E; public void On() => E += () => { }; }" },
        { "foreach (DateTimeOffset d in new[] { conv.Now.DateTime }) { }", "" },
        { "var t = (conv.Now.DateTime, 1); (DateTimeOffset a, int b) = t;", "" },
        { "TimeZoneInfo.TryFindSystemTimeZoneById(\"localtime\", out var x);", "" },
        { "try { throw new Exception(); } catch (Exception e) { conv.State[\"x\"] = e is object o ? o.ToString() : \"\"; }", "" },
        { "conv.State.Set(\"x\", new W());", "sealed class W { public object? N { get; set; } public Exception? E { get; set; } }" },
        { "int i = 1; var r = __makeref(i); var x = __reftype(r) is { Assembly: { Location: var l } };", "" },
    };

    private static readonly Lazy<ILookup<string, LogicDiagnostic>> s_refusals = new(() =>
    {
        var sources = Cheats.Select((row, i) => new LogicSource($"c{i:000}.cs", $$"""
            using static System.DateTime;
            using Clock = System.DateTime;
            internal static class Cheat{{i}}
            {
                {{(string)row[1]}}
                internal static void Run(Conversation conv)
                {
                    {{(string)row[0]}}
                }
            }
            """));
        var line = new LogicSource("line.cs", "public sealed class Line : RoutingLogic { public override Decision Start(Conversation conv) => Handoff.Bye(); }");
        return LogicCompiler.Compile([line, .. sources]).Diagnostics.ToLookup(d => d.File);
    });

    /// <summary>What the rules would have refused, to show that taking each decision twice finds it too.</summary>
    public static TheoryData<string, string> Unseen => new()
    {
        { "n = s_calls++;", "static int s_calls;" },
        { "n = System.Threading.Interlocked.Increment(ref s_calls);", "static int s_calls;" },
        { "n = DateTime.UtcNow.Ticks;", "" },
        { "n = System.Diagnostics.Stopwatch.GetTimestamp();", "" },
        { "n = Guid.NewGuid().GetHashCode();", "" },
        { "n = Random.Shared.Next();", "" },
        { "n = new object().GetHashCode();", "" },
        { "n = TimeZoneInfo.Local.BaseUtcOffset.Ticks;", "" },
        { "n = DateTime.SpecifyKind(conv.Now.DateTime, DateTimeKind.Utc).ToLocalTime().Hour;", "" },
        { "n = GC.GetAllocatedBytesForCurrentThread();", "" },
        { "conv.State[\"last\"] = s_last; s_last = conv.CallerNumber;", "static string? s_last;" },
        { "s_seen.Add(conv.CallerNumber); n = s_seen.Count;", "static readonly HashSet<string> s_seen = [];" },
        { "if (s_first++ % 2 == 0) return Handoff.Reject(480);", "static int s_first;" },
    };

    [Theory]
    [MemberData(nameof(Cheats))]
    public void Reading_what_is_not_recorded_is_refused_with_what_to_use_instead(string statement, string member)
    {
        int index = Cheats.ToList().FindIndex(row => (string)row[0] == statement && (string)row[1] == member);

        var refusals = s_refusals.Value[$"c{index:000}.cs"].ToList();

        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.StartsWith("EC", refusal.Id, StringComparison.Ordinal));
        Assert.All(refusals, refusal => Assert.Contains(';', refusal.Message));
    }

    [Theory]
    [MemberData(nameof(Unseen))]
    public async Task What_gets_past_the_rules_is_found_by_deciding_twice(string statement, string member)
    {
        using var recorded = Unguarded(statement, member);
        using var logic = Unguarded(statement, member);
        var past = new PastCalls(recorded);
        var calls = Enumerable.Range(0, 40).Select(i => past.Call($"+1555{i:0000}")).ToList();

        using var replayer = new Replayer(logic, Unguarded(statement, member), new ReplayOptions { Threads = 1, ShiftTimeZone = true }, TimeProvider.System);
        var replayed = await Logics.ReplayAsync(replayer, calls);

        Assert.All(replayed, call => Assert.Equal(Verdict.Nondeterministic, call.Verdict));
        Assert.All(replayed, call => Assert.NotEmpty(call.Unrecorded!));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(300)]
    public async Task What_agrees_in_every_other_call_by_accident_is_not_believed_in_any(int count)
    {
        const string Statement = "n = s_calls++ % 2;";
        const string Member = "static int s_calls;";
        using var recorded = Unguarded(Statement, Member);
        using var logic = Unguarded(Statement, Member);
        var past = new PastCalls(recorded);
        var calls = Enumerable.Range(0, count).Select(i => past.Call($"+1555{i:0000}")).ToList();

        using var replayer = new Replayer(logic, Unguarded(Statement, Member), new ReplayOptions { Threads = 1 }, TimeProvider.System);
        var replayed = await Logics.ReplayAsync(replayer, calls);

        Assert.All(replayed, call => Assert.Equal(Verdict.Nondeterministic, call.Verdict));
        Assert.All(replayed, call => Assert.Contains("keeps something from one call to the next", call.Unrecorded, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_time_zone_that_got_past_the_rules_is_nondeterministic()
    {
        // A time with an offset becomes the machine's local time when it is read as a DateTime.
        string source = Logics.Start(
            "var at = System.Text.Json.JsonSerializer.Deserialize<DateTime>($\"\\\"{conv.Now:o}\\\"\"); conv.State.Set(\"hour\", at.Hour * 60 + at.Minute); return Handoff.Bye();");
        CompiledLogic Compile() => LogicCompiler.CompileUnguarded([new LogicSource("line.cs", source)]).Logic!;
        using var logic = Compile();
        using var replayer = new Replayer(logic, Compile(), new ReplayOptions { Threads = 1, ShiftTimeZone = true }, TimeProvider.System);

        var call = Assert.Single(await Logics.ReplayAsync(replayer, [new PastCalls(logic).Call()]));

        Assert.Equal(Verdict.Nondeterministic, call.Verdict);
    }

    [Fact]
    public void The_culture_of_the_machine_does_not_reach_a_decision()
    {
        using var logic = Logics.Compile(Logics.Start("conv.State[\"x\"] = $\"{1.5} {conv.Now:d}\"; return Handoff.Bye();"));
        var request = DecisionRequest.For(new PastCalls(logic).Started());
        var before = CultureInfo.CurrentCulture;
        try
        {
            var here = Decider.Decide(logic, request, new DecideOptions()).State["x"].GetString();
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
            CultureInfo.CurrentCulture = other;

            var there = Decider.Decide(logic, request, new DecideOptions()).State["x"].GetString();

            Assert.Equal(here, there);
            Assert.Same(other, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task The_time_zone_is_put_back()
    {
        using var logic = Logics.Compile(Logics.Start("return Handoff.Bye();"));
        string? before = Environment.GetEnvironmentVariable("TZ");

        await Logics.ReplayAsync(logic, new PastCalls(logic).Call(), new ReplayOptions { ShiftTimeZone = true });

        Assert.Equal(before, Environment.GetEnvironmentVariable("TZ"));
    }

    private static CompiledLogic Unguarded(string statement, string member)
    {
        var check = LogicCompiler.CompileUnguarded([new LogicSource("line.cs", $$"""
            public sealed class Line : RoutingLogic
            {
                {{member}}
                public override Decision Start(Conversation conv)
                {
                    long n = 0;
                    {{statement}}
                    conv.State["n"] = n.ToString();
                    return Handoff.Bye();
                }
            }
            """)]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        return check.Logic!;
    }
}
