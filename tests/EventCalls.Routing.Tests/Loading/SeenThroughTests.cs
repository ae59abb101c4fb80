namespace EventCalls.Routing.Tests.Loading;

/// <summary>What changes a table, or shows what differs from run to run, without a line that says so: refused, each kind where it begins.</summary>
public sealed class SeenThroughTests
{
    private const string Frozen = "System.Collections.Frozen.FrozenSet<(string, int)>";
    private const string Names = $"static readonly {Frozen} s_set = [(\"a\", 1), (\"b\", 2)];";

    [Theory]
    // A struct that changes itself where the framework or generic code asks it something.
    [InlineData("_ = s_t[0].ToString();", "struct P { int _n; public override string ToString() => (++_n).ToString(); } static readonly (P, int)[] s_t = [(new(), 1)];", "EC1005")]
    [InlineData("_ = s_t[0].ToString();", "struct P { int _n; public override string ToString() => (++_n).ToString(); } static readonly P?[] s_t = [new P()];", "EC1005")]
    [InlineData("Inc(s_t);", "interface I { void Inc(); } struct P : I { public int N; public void Inc() => N++; } static readonly P[] s_t = [new()]; static void Inc<T>(T[] a) where T : I => a[0].Inc();", "EC1005")]
    [InlineData("Inc(s_t);", "interface I { int N { get; set; } } struct P : I { public int N { get; set; } } static readonly P[] s_t = [new()]; static void Inc<T>(T[] a) where T : I => a[0].N++;", "EC1005")]
    [InlineData("_ = s_t[0].Equals((new P(), 1));", "struct P { int _n; public override int GetHashCode() => 0; public override bool Equals(object? o) { Step(); return false; } void Step() => _n++; } static readonly (P, int)[] s_t = [(new(), 1)];", "EC1005")]
    [InlineData("_ = s_t[0].ToString();", "struct C { public int N; public void Inc() => N++; } struct P { C _c; public override string ToString() { _c.Inc(); return $\"{_c.N}\"; } } static readonly (P, int)[] s_t = [(new(), 1)];", "EC1005")]
    // An initializer that fills what is there already.
    [InlineData("_ = new W { Items = { 5 } };", "sealed class W { public List<int> Items => s_l; } static readonly List<int> s_l = [];", "EC1005")]
    [InlineData("_ = new W { A = { [0] = 7 } };", "sealed class W { public int[] A => s_a; } static readonly int[] s_a = [1];", "EC1005")]
    // A reference that is handed out.
    [InlineData("var w = new W(); w[0]++;", "sealed class W { public ref int this[int i] => ref s_a[i]; } static readonly int[] s_a = [1];", "EC1005")]
    [InlineData("At(0)++;", "static ref int At(int i) => ref s_a[i]; static readonly int[] s_a = [1];", "EC1005")]
    [InlineData("ref int r = ref (conv.CallerNumber == \"\" ? ref s_a[0] : ref s_a[1]); r++;", "static readonly int[] s_a = [1, 2];", "EC1005")]
    // An override that gives back something more particular.
    [InlineData("A a = new B(); conv.State[\"x\"] = $\"{a.Get()}\";", "class A { public virtual object Get() => 1; } sealed class B : A { public override Exception Get() => new FormatException(\"x\"); }", "EC1008")]
    [InlineData("A a = new B(); conv.State[\"x\"] = $\"{a.It}\";", "class A { public virtual object It => 1; } sealed class B : A { public override Exception It => new FormatException(\"x\"); }", "EC1008")]
    // Statics made of each other by way of an abstract member.
    [InlineData("_ = G<M>.X + H<M>.Y;", "interface IM { static abstract int V { get; } } sealed class M : IM { public static int V => H<M>.Y; } static class G<T> where T : IM { public static readonly int X = T.V + 1; } static class H<T> where T : IM { public static readonly int Y = G<T>.X + 10; }", "EC1005")]
    [InlineData("_ = G<int>.X + H<int>.Y;", "abstract class B { public abstract int V(); } sealed class M : B { public override int V() => H<int>.Y; } static class G<T> { public static readonly int X = Make().V(); static B Make() => new M(); } static class H<T> { public static readonly int Y = G<T>.X + 10; }", "EC1005")]
    // A static field of T that is something which can be changed.
    [InlineData("Tab<List<int>>.All[0].Add(1);", "static class Tab<T> where T : new() { public static readonly T[] All = [new()]; }", "EC1005")]
    [InlineData("Tab<Box>.All[0].N++;", "sealed class Box { public int N; } static class Tab<T> where T : new() { public static readonly T[] All = [new()]; }", "EC1005")]
    [InlineData("Any(new Box());", "sealed class Box { public int N; } static class Tab<T> where T : new() { public static readonly T[] All = [new()]; } static T Any<T>(T t) where T : new() => Tab<T>.All[0];", "EC1005")]
    [InlineData("new R().Run<List<int>>();", "static class Tab<T> where T : new() { public static readonly T[] All = [new()]; } abstract class B { public abstract void Run<U>() where U : new(); } sealed class R : B { public override void Run<U>() { if (Tab<U>.All[0] is List<int> l) l.Add(1); } }", "EC1005")]
    [InlineData("_ = Tab<int>.All[0]; var a = Tab<int>.All; a[0]++;", "static class Tab<T> where T : new() { public static readonly T[] All = [new()]; }", "EC1005")]
    [InlineData("Put(Tab<int>.All, 7);", "static class Tab<T> where T : new() { public static readonly T[] All = [new()]; } static void Put(int[] all, int n) => all[0] = n;", "EC1005")]
    // What enumerates in the order of hash codes, gone through.
    [InlineData("foreach (var x in s_set) conv.State[\"x\"] = x.Item1;", Names, "EC1002")]
    [InlineData("foreach (var (a, b) in s_set) conv.State[\"x\"] = a;", Names, "EC1002")]
    [InlineData("_ = s_set.Items[0];", Names, "EC1002")]
    [InlineData("var all = new[] { s_set }; _ = string.Join(',', all[0]);", Names, "EC1002")]
    [InlineData("(string, int)[] all = [.. s_set];", Names, "EC1002")]
    [InlineData("_ = from x in s_set select x.Item1;", Names, "EC1002")]
    [InlineData("IEnumerable<(string, int)> all = s_set;", Names, "EC1002")]
    [InlineData("_ = s_set is IEnumerable<(string, int)> all ? all.First().Item1 : null;", Names, "EC1002")]
    [InlineData("conv.State.Set(\"x\", s_set);", Names, "EC1002")]
    [InlineData("_ = System.Text.Json.JsonSerializer.Serialize(new { s_set });", Names, "EC1002")]
    [InlineData("_ = System.Text.Json.JsonSerializer.Serialize(new R(s_set));", Names + $" sealed record R({Frozen} S);", "EC1002")]
    [InlineData("_ = System.Text.Json.JsonSerializer.Serialize(new R { S = s_set });", Names + $" sealed class R {{ public {Frozen}? S {{ get; set; }} }}", "EC1002")]
    [InlineData("_ = new Box<" + Frozen + "> { V = s_set }.First;", Names + " sealed class Box<T> { public required T V; public object? First => V is IEnumerable<(string, int)> e ? e.First().Item1 : null; }", "EC1002")]
    [InlineData("_ = First(s_set);", Names + " static object? First<T>(T t) => t is IEnumerable<(string, int)> e ? e.First().Item1 : null;", "EC1002")]
    [InlineData("Func<IEnumerable<(string, int)>> f = Get; _ = f();", Names + $" static {Frozen} Get() => s_set;", "EC1002")]
    [InlineData("A a = new B(); _ = a.All.First();", Names + $" abstract class A {{ public abstract IEnumerable<(string, int)> All {{ get; }} }} sealed class B : A {{ public override {Frozen} All => s_set; }}", "EC1002")]
    [InlineData("foreach (var (k, v) in s_d) conv.State[k] = v;", "static readonly System.Collections.Immutable.ImmutableDictionary<string, string> s_d = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(\"a\", \"b\");", "EC1002")]
    [InlineData("_ = s_d.Keys.First() + s_d.Values.First();", "static readonly System.Collections.Immutable.ImmutableDictionary<string, string> s_d = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;", "EC1002")]
    [InlineData("var b = System.Collections.Immutable.ImmutableHashSet.CreateBuilder<string>(); foreach (var x in b) { }", "", "EC1002")]
    // More of the stack than a check point makes sure of.
    [InlineData("Big b = default; b[0] = 1;", "[System.Runtime.CompilerServices.InlineArray(1_000_000)] struct Big { int _first; }", "EC1007")]
    [InlineData("Out b = default; b[0][0] = 1;", "[System.Runtime.CompilerServices.InlineArray(200)] struct In { int _first; } [System.Runtime.CompilerServices.InlineArray(200)] struct Out { In _first; }", "EC1007")]
    [InlineData("Span<int> s = s_all[0]; s[0]++;", "[System.Runtime.CompilerServices.InlineArray(4)] struct Four { int _first; } static readonly Four[] s_all = [new()];", "EC1005")]
    public void It_is_refused_for_the_right_reason(string statement, string members, string id)
    {
        var check = Logics.Compile(Logics.Start($"{statement} return Handoff.Bye();", members));

        Assert.Contains(check.Diagnostics, d => d.Id == id);
        Assert.All(check.Diagnostics, d => Assert.StartsWith("EC", d.Id, StringComparison.Ordinal));
    }
}
