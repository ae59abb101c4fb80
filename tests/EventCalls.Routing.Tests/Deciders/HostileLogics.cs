namespace EventCalls.Routing.Tests.Deciders;

/// <summary>What logic can do to the process it runs in, one way each; compiled without the rules, which refuse most of it.</summary>
internal static class HostileLogics
{
    /// <summary>Name, statement, and whether the decision itself may still succeed: some harm comes later, or none at all.</summary>
    public static readonly (string Name, string Does, bool MayDecide)[] All =
    [
        ("loop", "while (true) { }", false),
        ("loop that catches", "while (true) { try { while (true) { } } catch { } }", false),
        ("loop in finally", "try { } finally { while (true) { } }", false),
        ("goto", "again: goto again;", false),
        ("regex backtracking", "new System.Text.RegularExpressions.Regex(\"^(a|aa)+$\").IsMatch(new string('a', 5000) + \"!\");", false),
        ("regex nested", "System.Text.RegularExpressions.Regex.IsMatch(new string('x', 60) + \"y\", \"(x+x+)+z\");", false),
        ("records in a circle, hashed", "var a = new Loop(); a.Next = new Loop { Next = a }; new HashSet<Loop>().Add(a);", false),
        ("records in a circle, printed", "var a = new Loop(); a.Next = new Loop { Next = a }; _ = a.ToString();", false),
        ("records in a circle, compared", "var a = new Loop(); a.Next = a; var b = new Loop(); b.Next = b; _ = a == b;", false),
        ("deep record chain", "Loop? head = null; for (int i = 0; i < 200000; i++) head = new Loop { Next = head }; _ = head!.GetHashCode();", false),
        ("recursion", "Recurse(0);", false),
        ("mutual recursion through lambdas", "Func<int, int> f = null!; f = n => f(n + 1) + 1; f(0);", false),
        ("hash recursion", "new HashSet<SelfHash> { new SelfHash() };", false),
        ("comparer recursion", "new SortedSet<SelfCompare> { new SelfCompare(), new SelfCompare() };", false),
        ("LINQ concatenated deep", "IEnumerable<int> q = [1]; for (int i = 0; i < 200000; i++) q = q.Select(x => x + 1); _ = q.First();", false),
        ("expression tree deep", "System.Linq.Expressions.Expression e = System.Linq.Expressions.Expression.Constant(1); for (int i = 0; i < 200000; i++) e = System.Linq.Expressions.Expression.Negate(e); System.Linq.Expressions.Expression.Lambda<Func<int>>(e).Compile()();", true),
        ("one huge array", "var a = new byte[2_000_000_000]; a[1] = 1; if (a[2] == 0) while (true) { }", false),
        ("many small ones", "var list = new List<object>(); while (true) list.Add(new byte[1000]);", false),
        ("many small ones, caught", "var list = new List<object>(); while (true) { try { list.Add(new byte[100_000]); } catch (Exception) { } }", false),
        ("range to a list", "var l = Enumerable.Range(0, int.MaxValue).ToList(); if (l.Count > 1) while (true) { }", false),
        ("string doubled", "string s = \"x\"; while (true) s = string.Concat(s, s);", false),
        ("string builder", "var b = new System.Text.StringBuilder(); while (true) b.Append('x', 1_000_000);", false),
        ("big integer", "_ = System.Numerics.BigInteger.Pow(3, 400_000_000);", false),
        ("big integer text", "_ = System.Numerics.BigInteger.Pow(7, 3_000_000).ToString(); _ = System.Numerics.BigInteger.Pow(9, 30_000_000).ToString();", false),
        ("dictionary grown", "var d = new Dictionary<int, string>(int.MaxValue / 2); if (d.Count == 0) while (true) { }", false),
        ("json in a circle", "var l = new List<object>(); l.Add(l); _ = System.Text.Json.JsonSerializer.Serialize(l, new System.Text.Json.JsonSerializerOptions { MaxDepth = 1_000_000 });", false),
        ("json deep", "_ = System.Text.Json.JsonDocument.Parse(new string('[', 10_000_000), new System.Text.Json.JsonDocumentOptions { MaxDepth = int.MaxValue });", false),
        ("sleep", "System.Threading.Thread.Sleep(-1);", false),
        ("wait for oneself", "lock (Gate) { System.Threading.Monitor.Wait(Gate); }", false),
        ("join oneself", "System.Threading.Thread.CurrentThread.Join();", false),
        ("a deadlock of two", "var t = new System.Threading.Thread(() => { lock (Gate) System.Threading.Thread.Sleep(-1); }); t.Start(); System.Threading.Thread.Sleep(50); lock (Gate) { }", false),
        ("threads", "while (true) new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1), 64 * 1024) { IsBackground = true }.Start();", false),
        ("a thread that throws", "new System.Threading.Thread(() => throw new Exception(\"on a thread\")).Start();", true),
        ("a thread that overflows", "new System.Threading.Thread(() => { var a = new Loop(); a.Next = a; _ = a.GetHashCode(); }).Start();", true),
        ("the pool starved", "for (int i = 0; i < 1000; i++) System.Threading.ThreadPool.QueueUserWorkItem(_ => System.Threading.Thread.Sleep(-1));", true),
        ("finalizer that throws", "Drop(1); GC.Collect(); GC.WaitForPendingFinalizers();", true),
        ("finalizer that hangs", "Drop(2); GC.Collect(); GC.WaitForPendingFinalizers();", false),
        ("finalizers that come back", "for (int i = 0; i < 1000; i++) _ = new Undead(); GC.Collect();", true),
        ("fail fast", "Environment.FailFast(\"over\");", false),
        ("exit", "Environment.Exit(0);", false),
        ("kill", "System.Diagnostics.Process.GetCurrentProcess().Kill();", false),
        ("null written to", "unsafe_();", false),
        ("console", "for (int i = 0; i < 1000; i++) { using var o = System.Console.OpenStandardOutput(); o.Write(new byte[1000]); }", true),
        ("standard input eaten", "using (var i = System.Console.OpenStandardInput()) i.CopyTo(System.IO.Stream.Null);", true),
        ("collected again and again", "while (true) { GC.Collect(); GC.WaitForPendingFinalizers(); }", false),
        ("catch of all that ends it", "while (true) { try { Recurse(0); } catch (Exception) { } }", false),
    ];

    public const string Members = """
        private static readonly object Gate = new();
        private sealed record Loop { public Loop? Next { get; set; } }
        private sealed class SelfHash { public override int GetHashCode() => EqualityComparer<SelfHash>.Default.GetHashCode(this); }
        private sealed class SelfCompare : IComparable<SelfCompare> { public int CompareTo(SelfCompare? o) => Comparer<SelfCompare>.Default.Compare(this, o); }
        private sealed class Undead { ~Undead() { GC.ReRegisterForFinalize(this); } }
        private sealed class Thrower { ~Thrower() { throw new Exception("in a finalizer"); } }
        private sealed class Hanger { ~Hanger() { while (true) { } } }
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        private static void Drop(int which) { _ = which == 1 ? (object)new Thrower() : new Hanger(); }
        private static int Recurse(int n) => n < 0 ? 0 : Recurse(n + 1) + 1;
        private static void unsafe_() => System.Runtime.InteropServices.Marshal.WriteInt32((IntPtr)8, 1);
        """;

    /// <summary>Sources that harm whoever compiles or loads them.</summary>
    public static readonly (string Name, string Source)[] Loading =
    [
        ("static constructor that hangs", Logics.Start("return Handoff.Bye();", "static Line() { System.Threading.Thread.Sleep(-1); }")),
        ("static constructor that overflows", Logics.Start("return Handoff.Bye();", "private sealed record R { public R? N { get; set; } } private static readonly int H = Make(); private static int Make() { var r = new R(); r.N = r; return r.GetHashCode(); }")),
        ("static constructor that ends the process", Logics.Start("return Handoff.Bye();", "static Line() { Environment.FailFast(\"no\"); }")),
        ("static field that takes all memory", Logics.Start("return Handoff.Bye();", "private static readonly List<byte[]> All = Fill(); private static List<byte[]> Fill() { var l = new List<byte[]>(); while (true) l.Add(new byte[10_000_000]); }")),
        ("module initializer that exits", Logics.Start("return Handoff.Bye();") + "internal static class M { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() => Environment.Exit(3); }"),
        ("module initializer that kills", Logics.Start("return Handoff.Bye();") + "internal static class M { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() => System.Diagnostics.Process.GetCurrentProcess().Kill(); }"),
    ];

    /// <summary>A logic that decides ordinary calls and does one hostile thing for the caller <c>hostile-N</c>.</summary>
    public static string Source { get; } = Logics.Start(
        $$"""
        switch (conv.CallerNumber)
        {
        {{string.Join("\n", All.Select((h, i) => $"case \"hostile-{i}\": {{ {h.Does} break; }}"))}}
        }
        return Handoff.Bye(conv.CallerNumber);
        """,
        Members);
}
