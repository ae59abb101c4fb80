namespace EventCalls.Routing.Tests.Loading;

/// <summary>A table is constant as long as nothing can write to it, however much else is written to.</summary>
public sealed class ConstantTableTests
{
    [Theory]
    [InlineData("var l = new List<string>(); l.Add(conv.CallerNumber); l.Sort();", "static readonly List<string> s_l = [\"a\"];")]
    [InlineData("_seen.Add(conv.CallerNumber);", "readonly List<string> _seen = []; static readonly List<string> s_l = [\"a\"];")]
    [InlineData("var a = s_a.ToArray(); a[0] = \"b\"; Array.Sort(a);", "static readonly string[] s_a = [\"a\"];")]
    [InlineData("var parts = conv.RequestUri.Split(':'); parts[0] = \"\"; Array.Reverse(parts);", "static readonly string[] s_a = [\"a\"];")]
    [InlineData("Span<char> s = stackalloc char[8]; s[0] = 'a'; s.Fill('b');", "static readonly char[] s_a = ['a'];")]
    [InlineData("var n = s_a.Length + s_a[^1] + s_a.Sum() + s_a.Max(); foreach (int x in s_a) n += x; ReadOnlySpan<int> p = s_a; n += p[0]; int[] b = [.. s_a, 1]; b[0]++;", "static readonly int[] s_a = [1, 2];")]
    [InlineData("_ = s_a is [1, .. var rest, _] ? rest.Length : Array.IndexOf(s_a, 1) + Array.BinarySearch(s_a, 2);", "static readonly int[] s_a = [1, 2];")]
    [InlineData("_ = string.Join(',', s_a) + string.Concat(s_a); _ = conv.CallerNumber.Split(s_a, StringSplitOptions.None); _ = conv.Random.Pick(s_a) + conv.Rotate(\"a\", s_a);", "static readonly string[] s_a = [\"1\", \"2\"];")]
    [InlineData("var d = new Dictionary<string, int>(s_d); d[\"a\"] = 2; d.Remove(\"b\");", "static readonly Dictionary<string, int> s_d = new() { [\"a\"] = 1 };")]
    [InlineData("_ = s_f[0].When(conv) ? s_f[0].Then(conv) : null;", "static readonly (Func<Conversation, bool> When, Func<Conversation, Decision> Then)[] s_f = [(c => c.CallerNumber == \"\", _ => Handoff.Bye()), (Is, _ => Handoff.Bye())]; static bool Is(Conversation c) => true;")]
    [InlineData("_ = s_d[\"a\"](conv);", "static readonly Dictionary<string, Func<Conversation, Decision>> s_d = new() { [\"a\"] = c => c.GotoFlow(\"b\"), [\"c\"] = static _ => Handoff.Bye() };")]
    [InlineData("_ = s_l[1].First();", "static readonly ILookup<int, string> s_l = new[] { \"a\", \"bb\" }.ToLookup(x => x.Length);")]
    [InlineData("_ = s_g(1);", "static readonly Func<int, int> s_g = x => x + 1;")]
    [InlineData("var d = DateTime.ParseExact(\"2026-01-01\", \"yyyy-MM-dd\", null, System.Globalization.DateTimeStyles.AdjustToUniversal | System.Globalization.DateTimeStyles.AssumeUniversal); _ = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc); _ = DateTime.SpecifyKind(d, d.Kind);", "")]
    [InlineData("_ = System.Text.Json.JsonSerializer.Deserialize<P>(\"\\\"1\\\"\", s_o);", "sealed record P(string N); sealed class K : System.Text.Json.Serialization.JsonConverter<P> { public override P Read(ref System.Text.Json.Utf8JsonReader r, Type t, System.Text.Json.JsonSerializerOptions o) => new(r.GetString()!); public override void Write(System.Text.Json.Utf8JsonWriter w, P v, System.Text.Json.JsonSerializerOptions o) => w.WriteStringValue(v.N); } static readonly System.Text.Json.JsonSerializerOptions s_o = new() { Converters = { new K() } };")]
    [InlineData("_ = s_f(\"+44\")(conv);", "static readonly Func<string, Func<Conversation, bool>> s_f = prefix => c => c.CallerNumber.StartsWith(prefix);")]
    [InlineData("_ = s_f[0](conv);", "static readonly Func<Conversation, bool>[] s_f = new[] { \"+1\", \"+44\" }.Select(p => (Func<Conversation, bool>)(c => c.CallerNumber.StartsWith(p))).ToArray();")]
    [InlineData("_ = s_f(conv);", "static readonly Func<Conversation, bool> s_f = c => new[] { 1, 2 }.Any(i => i == c.CallerNumber.Length);")]
    [InlineData("_ = T<int>.N + T<string>.All.Length;", "static class T<X> { static readonly int[] Sizes = [1, 2]; public static readonly int N = Sizes.Length + U<X>.Sum(); public static readonly string[] All = [\"a\"]; } static class U<X> { static readonly int[] Of = [3]; public static int Sum() => Of.Sum(); }")]
    [InlineData("_ = Names<DayOfWeek>.All[1].ToString() + Names<Tier>.ByName[\"gold\"] + Names<Tier>.Texts[0]; int[] other = new int[2]; Fill(other);", "enum Tier { Silver, Gold } static class Names<T> where T : struct, Enum { public static readonly T[] All = Enum.GetValues<T>(); public static readonly Dictionary<string, T> ByName = All.ToDictionary(v => v.ToString(), StringComparer.OrdinalIgnoreCase); public static readonly IReadOnlyList<string> Texts = Array.ConvertAll(All, v => v.ToString()); } static void Fill(int[] a) => a[0] = 1;")]
    [InlineData("_ = Find(1) + Find(\"a\");", "sealed record Row<K>(K Key, string Queue); static class Rows<K> where K : notnull { static readonly List<Row<K>> s_rows = []; static readonly IEqualityComparer<K> s_same = EqualityComparer<K>.Default; public static string? Find(K key) => s_rows.FirstOrDefault(r => s_same.Equals(r.Key, key))?.Queue; } static string? Find<T>(T key) where T : notnull => Rows<T>.Find(key);")]
    [InlineData("_ = s_closed.Contains((\"de\", 1)) && s_closed.Count > 0 && s_desk.TryGetValue((\"de\", 1), out _) && s_desk[(\"at\", 2)] == \"\" && Has(s_closed) && s_keys.Contains(new(\"a\"));", "record struct Key(string N); static readonly System.Collections.Frozen.FrozenSet<Key> s_keys = [new(\"a\")]; static readonly System.Collections.Frozen.FrozenSet<(string, int)> s_closed = System.Collections.Frozen.FrozenSet.ToFrozenSet(new[] { (\"de\", 1) }); static readonly System.Collections.Frozen.FrozenDictionary<(string, int), string> s_desk = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<(string, int), string> { [(\"de\", 1)] = \"4100\" }); static bool Has(System.Collections.Frozen.FrozenSet<(string, int)>? set) => set != null && set.Contains((\"de\", 2));")]
    [InlineData("_ = s_vip.TryGetValue(conv.CallerNumber, out _) || s_vip.GetValueOrDefault(\"x\", \"y\") == s_vip[\"a\"] || s_vip.SetItem(\"b\", \"c\").ContainsKey(\"b\") || s_blocked.Contains(\"+1\");", "static readonly System.Collections.Immutable.ImmutableDictionary<string, string> s_vip = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add(\"a\", \"b\"); static readonly System.Collections.Immutable.ImmutableHashSet<string> s_blocked = [\"+1900\"];")]
    [InlineData("_ = s_order.Compare(\"a\", \"b\") + (s_same.Equals(\"a\", \"b\") ? 1 : 0);", "static readonly IComparer<string> s_order = StringComparer.Ordinal; static readonly IEqualityComparer<string> s_same = StringComparer.OrdinalIgnoreCase;")]
    [InlineData("ref readonly int first = ref s_a[0]; _ = first + At(1) + s_p[0].CompareTo(s_p[1]);", "static readonly int[] s_a = [1, 2]; static ref readonly int At(int i) => ref s_a[i]; struct P : IComparable<P> { public int N; public int CompareTo(P other) => N.CompareTo(other.N); public override string ToString() => $\"{N}\"; } static readonly P[] s_p = [new(), new()];")]
    [InlineData("Digits d = default; d[1]++; foreach (int x in d) conv.State[\"x\"] = $\"{x}\";", "[System.Runtime.CompilerServices.InlineArray(10)] struct Digits { int _first; }")]
    [InlineData("var w = new W { Items = { 5 }, Names = { [\"a\"] = 1 } }; _ = w.Items.Count + s_l.Count;", "sealed class W { public List<int> Items { get; } = []; public Dictionary<string, int> Names { get; } = []; } static readonly List<int> s_l = [1];")]
    public void Ordinary_tables_are_taken(string statement, string members)
    {
        var check = Logics.Compile(Logics.Start($"{statement} return Handoff.Bye();", members));

        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        check.Logic?.Dispose();
    }

    [Theory]
    [InlineData("interface IRule; sealed class Rule : IRule { readonly string _n = \"\"; } sealed record Named(string N) : IRule; struct Plain : IRule; static readonly IRule[] s_rules = [new Rule(), new Named(\"a\")];")]
    [InlineData("interface IRule<T> { bool Is(T t); } sealed class Rule : IRule<string> { public bool Is(string t) => t == \"\"; } static readonly Dictionary<string, IRule<string>> s_rules = new() { [\"a\"] = new Rule() };")]
    [InlineData("abstract class Rule { protected readonly string Name; protected Rule(string name) => Name = name; public abstract bool Is(string n); } class Prefix : Rule { public Prefix(string n) : base(n) {} public override bool Is(string n) => n.StartsWith(Name, StringComparison.Ordinal); } sealed class Longer : Prefix { readonly int _least = 3; public Longer() : base(\"+\") {} public override bool Is(string n) => base.Is(n) && n.Length > _least; } static readonly List<Rule> s_rules = [new Prefix(\"+1\"), new Longer()];")]
    [InlineData("record Agent(string Name); sealed record Lead(string Name, IReadOnlyList<string> Team) : Agent(Name); static readonly Agent[] s_agents = [new(\"a\"), new Lead(\"b\", [])];")]
    [InlineData("interface INode { int Depth { get; } } sealed class Leaf : INode { public int Depth => 0; } sealed class Node : INode { readonly INode _left; readonly INode _right; public Node(INode l, INode r) => (_left, _right) = (l, r); public int Depth => 1 + Math.Max(_left.Depth, _right.Depth); } static readonly INode s_tree = new Node(new Leaf(), new Leaf());")]
    [InlineData("interface IRule { bool Is(string n); } sealed class Prefix(string prefix, int least = 3) : IRule { readonly string _twice = prefix + prefix; public bool Is(string n) => n.StartsWith(prefix) && n.Length >= least + _twice.Length; } sealed class Any : IRule { public bool Is(string n) => true; } static readonly IRule[] s_rules = [new Prefix(\"+49\"), new Any()];")]
    [InlineData("readonly struct Span(DateOnly from, DateOnly to) { public bool Has(DateOnly d) => d >= from && d <= to; } static readonly Span[] s_closed = [new(new(2026, 1, 1), new(2026, 1, 6))];")]
    public void A_table_of_what_may_stand_for_a_type_is_taken_when_none_of_that_can_be_changed(string members)
    {
        var check = Logics.Compile(Logics.Start("return Handoff.Bye();", members));

        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        check.Logic?.Dispose();
    }

    [Theory]
    [InlineData("interface IRule; sealed class Rule : IRule; sealed class Count : IRule { public int N; } static readonly IRule[] s_rules = [new Rule()];", "a Count, which can be changed, may stand for IRule (make its fields readonly, or this one a field of the instance")]
    [InlineData("class Rule; class Named : Rule; sealed class Count : Named { public int N { get; set; } } static readonly Rule[] s_rules = [new Rule()];", "a Count, which can be changed, may stand for Rule (make its fields readonly, or Rule sealed)")]
    [InlineData("interface IRule { int N { get; set; } void Inc() => N++; } struct Count : IRule { public int N { get; set; } } static readonly IRule[] s_rules = [new Count()];", "a Count, which can be changed")]
    [InlineData("interface IRule; class Base { protected int N; } sealed class Rule : Base, IRule { public int Next() => N++; } static readonly IRule[] s_rules = [new Rule()];", "a Rule, which can be changed")]
    [InlineData("interface IRule; sealed class Rule : List<int>, IRule; static readonly IRule s_rule = new Rule();", "a Rule, which can be changed")]
    [InlineData("interface IRule; sealed class Rule<T> : IRule { readonly T _t; public Rule(T t) => _t = t; } static readonly IRule s_rule = new Rule<int[]>([1]); static void Note(int[] a) => a[0]++;", "a Rule, which can be changed")]
    [InlineData("interface IRule; sealed class Rule(int n) : IRule { public int Next() => n++; } static readonly IRule s_rule = new Rule(1);", "a Rule, which can be changed")]
    [InlineData("interface IOuter; interface IRule : IOuter; sealed class Count : IRule { public int N; } static readonly IOuter[] s_rules = [];", "a Count, which can be changed")]
    [InlineData("interface IRule; static class Away { sealed class Count : IRule { public int N; public static IRule New() => new Count(); } } static readonly IRule[] s_rules = [];", "a Count, which can be changed")]
    [InlineData("sealed class Rule((int N, int M) p) { public int Next() => p.N++; } static readonly Rule s_rule = new((1, 2));", "which can be changed")]
    [InlineData("sealed class Rule(int n) { public int N { get => n; set => n = value; } } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("sealed class Rule(int n) { public void Set() { int y; ((n, y), _) = ((1, 2), 3); } } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("sealed class Rule(int n) { public void Set() { ref int r = ref n; r = 4; } } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("sealed class Rule(int n) { public void Set() => int.TryParse(\"3\", out n); } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("sealed class Rule(int n) { public Action Set() => () => n += 2; } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("sealed class Rule(string? n) { public string Get() => n ??= \"a\"; } static readonly Rule s_rule = new(null);", "which can be changed")]
    [InlineData("struct Count { public int N; public int Next() => N++; } sealed class Rule(Count n) { public int Get() => n.Next(); } static readonly Rule s_rule = new(new());", "which can be changed")]
    [InlineData("sealed class Rule(List<int> n) { public void Add() => n.Add(1); } static readonly Rule s_rule = new([]);", "to which logic.cs(8) may write")]
    [InlineData("sealed partial class Rule(int n) { public int N => n; } partial class Rule { public int Next() => ++n; } static readonly Rule s_rule = new(1);", "which can be changed")]
    [InlineData("struct P : IComparable<P> { public int N; int _m; public int CompareTo(P o) { int y; ((N, y), _m) = ((1, 2), 3); return 0; } } static readonly P[] s_p = [new()];", "which can be changed")]
    public void It_is_refused_with_what_can_be_changed_and_what_to_do(string members, string why)
    {
        var check = Logics.Compile(Logics.Start("return Handoff.Bye();", members));

        Assert.Contains(check.Diagnostics, d => d.Message.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void The_refusal_names_the_place_that_writes()
    {
        var check = Logics.Compile(Logics.Start("return Handoff.Bye();", "static readonly List<int> s_seen = [];\n\nstatic void Note() => s_seen.Add(1);"));

        Assert.Contains("to which logic.cs(10) may write", Assert.Single(check.Diagnostics).Message, StringComparison.Ordinal);
    }
}
