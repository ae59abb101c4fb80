using EventCalls.Contracts;
using EventCalls.Routing.Deciding;

namespace EventCalls.Routing.Tests.Loading;

public sealed class CheckPointTests
{
    private static readonly DecideOptions s_short = new() { TimeLimit = TimeSpan.FromMilliseconds(30) };

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) ;")]
    [InlineData("for (;;) { }")]
    [InlineData("for (;;) n++;")]
    [InlineData("do n++; while (n != -1 || true);")]
    [InlineData("again: n++; goto again;")]
    [InlineData("switch (n) { case 0: goto case 1; case 1: goto case 0; }")]
    [InlineData("foreach (var x in Forever()) { }", "static IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [InlineData("foreach (var (x, y) in Forever()) n++;", "static IEnumerable<(int, int)> Forever() { while (true) yield return (1, 2); }")]
    [InlineData("n = Forever().Count();", "static IEnumerable<int> Forever() { while (true) yield return 1; }")]
    [InlineData("n = Enumerable.Range(0, int.MaxValue).Sum(x => x & 1);")]
    [InlineData("n = Enumerable.Range(0, int.MaxValue).Count(x => { return x < 0; });")]
    [InlineData("n = Enumerable.Range(0, int.MaxValue).Count(delegate(int x) { return x < 0; });")]
    [InlineData("n = (from x in Enumerable.Repeat(1, int.MaxValue) where Never(x) select x).Count();", "static bool Never(int x) => x == 2;")]
    [InlineData("while (true) { try { while (true) { } } catch (Exception) { } }")]
    [InlineData("try { while (true) { } } catch (Exception) { } return Handoff.Bye();")]
    [InlineData("try { while (true) { } } finally { while (true) { } }")]
    [InlineData("while (Again) { }", "bool Again => true;")]
    [InlineData("while (this[0]) ;", "bool this[int i] => true;")]
    [InlineData("Fib(90);", "static long Fib(int x) => x < 2 ? x : Fib(x - 1) + Fib(x - 2);")]
    [InlineData("long Fib(int x) => x < 2 ? x : Fib(x - 1) + Fib(x - 2); Fib(90);")]
    [InlineData("Func<int, long> fib = null!; fib = x => x < 2 ? x : fib(x - 1) + fib(x - 2); fib(90);")]
    [InlineData("Func<int, long> fib = null!; fib = (x) => { return x < 2 ? x : fib(x - 1) + fib(x - 2); }; fib(90);")]
    public void An_endless_loop_ends_at_the_time_limit(string body, string members = "")
    {
        var result = Logics.Decide(Logics.Start($"int n = 0; {body} return Handoff.Bye(n.ToString());", members), options: s_short);

        Assert.Equal(RoutingFailureCause.LogicTimedOut, result.Failure?.Cause);
        Assert.Contains("30 ms", result.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(result.Steps);
    }

    [Theory]
    [InlineData("Down(1);", "static int Down(int x) => Down(x + 1) + 1;")]
    [InlineData("Down(1);", "static void Down(int x) { Down(x + 1); x++; }")]
    [InlineData("_ = Value;", "int Value => Value + 1;")]
    [InlineData("_ = Value;", "int Value { get { return Value + 1; } }")]
    [InlineData("_ = Value;", "int Value { get => Value + 1; set => Value = value; }")]
    [InlineData("Value = 1;", "int Value { get => 1; set => Value = value + 1; }")]
    [InlineData("_ = this[1];", "int this[int i] => this[i + 1] + 1;")]
    [InlineData("_ = -new P();", "sealed class P { public static P operator -(P p) => -p; }")]
    [InlineData("_ = (int)new P();", "sealed class P { public static explicit operator int(P p) => (int)p + 1; }")]
    [InlineData("_ = new P();", "sealed class P { public P() { _ = new P(); } }")]
    [InlineData("_ = new P();", "sealed class P { public P() => _ = new P(); }")]
    [InlineData("_ = new P();", "sealed class P { readonly P p = new P(); }")]
    [InlineData("_ = new P();", "sealed class P { P p { get; } = new(); }")]
    [InlineData("_ = new P(1);", "sealed record P(int X) { readonly P p = new P(2); }")]
    [InlineData("_ = new P();", "struct P { public P() { } readonly object p = new P(); }")]
    [InlineData("Action a = null!; a = () => a(); a();")]
    [InlineData("int Down(int x) { return Down(x + 1) + 1; } Down(1);")]
    [InlineData("try { Down(1); } catch (Exception) { } return Handoff.Bye();", "static int Down(int x) => Down(x + 1) + 1;")]
    [InlineData("Down(1);", "static int Down(int x) { try { return Down(x + 1); } catch { return Down(x + 1); } }")]
    [InlineData("Down(1);", "static int Down(int x) { try { return Down(x + 1); } finally { Down(x + 1); } }")]
    [InlineData("Down(1);", "static int Down(int x) { try { return Down(x + 1); } catch (Exception) when (Down(x) > 1) { throw; } }")]
    [InlineData("Down(1);", "static int Down(int x) { try { return x > 2000 ? throw new FormatException() : Down(x + 1); } catch (Exception) { throw; } }")]
    [InlineData("Down(1);", "static int Down(int x) { try { return x > 2000 ? throw new FormatException() : Down(x + 1); } catch { throw new FormatException(); } }")]
    [InlineData("Down(1);", "static int Down(int x) { try { return x > 2000 ? throw new FormatException() : Down(x + 1); } finally { Throw(); } } static void Throw() => throw new FormatException();")]
    [InlineData("Down(1);", "static int Down(int x) { using var d = new D(); return Down(x + 1); } sealed class D : IDisposable { public void Dispose() { Down(1); } }")]
    [InlineData("_ = new P().ToString();", "sealed class P { public override string ToString() => $\"{this}\"; }")]
    [InlineData("var a = new A(); var b = new B { A = a }; a.B = b; _ = new HashSet<A> { a };", "sealed record A { public B? B { get; set; } } sealed record B { public A? A { get; set; } }")]
    [InlineData("var a = new A(1); a.Next = a; _ = new Dictionary<A, int> { [a] = 1 };", "record A(int N) { public A? Next { get; set; } }")]
    [InlineData("A Make() { var a = new A(1); a.Next = a; return a; } _ = Make() == Make();", "record A(int N) { public A? Next { get; set; } }")]
    [InlineData("var a = new C<int>(1); a.Next = a; _ = new HashSet<object> { a };", "record A { public object? Next { get; set; } } sealed record C<T>(T N) : A;")]
    [InlineData("var l = new object[1]; var s = new S(new A(l)); l[0] = s; _ = new HashSet<S> { s }; Down(1);", "record struct S(A A); record A(object[] All); static int Down(int x) => Down(x + 1) + 1;")]
    [InlineData("var a = new A(); a.Next = a; try { conv.State[\"x\"] = a.ToString(); } catch (Exception) { }", "record A { public object? Next { get; set; } }")]
    [InlineData("var a = new A(); a.Next = a; try { conv.State[\"x\"] = $\"{a}\"; } catch { }", "record A { public A? Next { get; set; } }")]
    [InlineData("var a = new A(); a.Next = a; try { conv.State.Set(\"x\", new Dictionary<(A, int), int> { [(a, 1)] = 1 }); } catch (Exception e) when (e is not FormatException) { }", "record A { public A? Next { get; set; } }")]
    public void A_recursion_without_end_fails_the_decision_and_not_the_process(string body, string members = "")
    {
        var result = Logics.Decide(Logics.Start($"{body} return Handoff.Bye();", members));

        Assert.NotNull(result.Failure);
        Assert.Contains(result.Failure.Cause, new[] { RoutingFailureCause.LogicThrew, RoutingFailureCause.LogicTimedOut });
        Assert.Empty(result.Steps);
    }

    [Fact]
    public void Logic_that_hoards_memory_is_stopped()
    {
        var result = Logics.Decide(
            Logics.Start("var l = new List<byte[]>(); while (true) l.Add(new byte[100_000]);"),
            options: new DecideOptions { TimeLimit = TimeSpan.FromSeconds(10), AllocationLimit = 16 << 20 });

        Assert.Equal(RoutingFailureCause.LogicTimedOut, result.Failure?.Cause);
        Assert.Contains("16 MB", result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_made_for_another_constructor_is_refused()
    {
        var check = Logics.Compile(Logics.Start(
            "_ = new P(); return Handoff.Bye();", "sealed class P { P(P p) { } public P() : this(new P()) { } }"));

        Assert.Equal("EC1007", Assert.Single(check.Diagnostics).Id);
    }

    [Fact]
    public void Code_with_check_points_does_what_the_source_says()
    {
        var result = Logics.Decide(
            """
            using System.Text;

            public sealed class Line : RoutingLogic
            {
                private readonly StringBuilder _log = new();
                private readonly List<int> _seed = [1, 2, 3];
                private int _value;

                private int Twice => _value * 2;

                private ref int Value => ref _value;

                private int Guarded { get => _value; set => _value = value < 0 ? throw new ArgumentException("negative") : value; }

                private string this[int i] => i switch { 0 => "zero", _ => throw new ArgumentOutOfRangeException(nameof(i)) };

                public Line() => _value = 1;

                public override Decision Start(Conversation conv)
                {
                    Value += 4;                              // 5
                    Guarded = Twice;                         // 10
                    int sum = 0;
                    for (int i = 0; i < 3; i++) sum += i;    // 3
                    for (int i = 0; i < 3; i++)
                        if (i % 2 == 0) sum += 10;           // 23
                        else continue;
                    int n = 3;
                    while (n-- > 0) { if (n == 1) break; sum++; }   // 24
                    do sum += 100; while (sum < 300);        // 324
                    foreach (var s in _seed) sum += s;       // 330
                    foreach (var (a, b) in new[] { (1, 2), (3, 4) }) { sum += a * b; }   // 344
                    int tries = 0;
                again:
                    if (tries++ < 2) goto again;
                    switch (tries)
                    {
                        case 3: sum++; goto case 4;          // 345
                        case 4: sum++; break;                // 346
                    }

                    Func<int, int> square = x => x * x;
                    Func<int, int, int> add = (x, y) =>
                        // a comment between
                        x + y;
                    Action<string> log = s => _log.Append(s);
                    Action none = () => { };
                    Func<string> thrower = () => throw new InvalidOperationException("thrown");
                    Func<int, Func<int, int>> curry = x => y => x - y;
                    Predicate<int> even = static x => x % 2 == 0;
                    Func<int> anonymous = delegate { return 7; };
                    none();
                    log("a"); log("b");
                    sum += square(4) + add(1, 2) + curry(5)(3) + (even(4) ? 1 : 0) + anonymous();   // 346 + 16 + 3 + 2 + 1 + 7 = 375
                    sum += _seed.Where(x => x > 1).Select(x => new { x, y = x + 1 }).Sum(p => p.y); // 3 + 4 → 382
                    sum += (from x in _seed where x != 2 orderby x descending select x).First();    // 385
                    try { thrower(); } catch (InvalidOperationException e) when (e.Message == "thrown") { sum++; }   // 386
                    try { Guarded = -1; } catch (ArgumentException) { sum++; }   // 387
                    try { _ = this[1]; } catch (ArgumentOutOfRangeException) { sum++; }   // 388
                    static int Local(int x) => x <= 0 ? 0 : 1 + Local(x - 1);
                    int Outer() { return sum; }
                    sum += Local(5);                         // 393
                    var p = new Point(1, 2) { Z = 3 } + new Point(1, 1);
                    sum += p.X + p.Y + (int)p;               // 393 + 2 + 3 + 5 = 403
                    var (first, _) = p;
                    sum += first + new Counter().Next().Next().Count + Numbers().Take(3).Sum();   // 403 + 2 + 2 + 6 = 413
                    int late;
                    try { sum += 0; } finally { late = 1; int inner = late; sum += inner - 1; }
                    sum += late - 1;
                    try
                    {
                        try { throw new FormatException("a"); }
                        catch (FormatException e) when (e.Message == "b") { sum += 1000; }
                        finally
                        {
                            sum += 1;                        // 414
                        }
                    }
                    catch
                    {
                        sum -= 1;                            // 413
                    }

                    using (var d = new Disposed(() => sum++)) { }   // 414
                    sum--;
                    conv.State["sum"] = Outer().ToString();
                    conv.State["log"] = _log.ToString();
                    conv.State["value"] = Guarded.ToString();
                    conv.State["equal"] = (new Point(1, 2) == new Point(1, 2)).ToString();
                    conv.State["text"] = new Point(1, 2).ToString();
                    conv.State["generic"] = Max<int>([3, 9, 2]).ToString();
                    return sum switch { 413 => Handoff.Bye("right"), _ => Handoff.Bye($"wrong: {sum}") };
                }

                private static T Max<T>(IEnumerable<T> items) where T : IComparable<T> =>
                    items.Aggregate((a, b) => a.CompareTo(b) > 0 ? a : b);

                private static IEnumerable<int> Numbers() { int i = 1; while (true) yield return i++; }

                private sealed class Disposed(Action action) : IDisposable { public void Dispose() => action(); }

                private sealed class Counter
                {
                    public int Count { get; private set; }
                    public Counter Next() { Count++; return this; }
                }
            }

            public sealed record Point(int X, int Y)
            {
                public int Z { get; init; } = Math.Max(0, 0);

                public static Point operator +(Point a, Point b) => new(a.X + b.X, a.Y + b.Y);

                public static explicit operator int(Point p) => p.X + p.Y;
            }
            """);

        Assert.Null(result.Failure);
        Assert.Equal("right", result.Steps[0].Reason);
        Assert.Equal("ab", result.State["log"].GetString());
        Assert.Equal("10", result.State["value"].GetString());
        Assert.Equal("True", result.State["equal"].GetString());
        Assert.Equal("Point { X = 1, Y = 2, Z = 0 }", result.State["text"].GetString());
        Assert.Equal("9", result.State["generic"].GetString());
    }

    [Fact]
    public void Line_numbers_stay_those_of_the_source()
    {
        string source = """
            public sealed class Line : RoutingLogic
            {
                public override Decision Start(Conversation conv)
                {
                    foreach (var n in new[] { 1 })
                        if (n == 1)
                            conv.State["a"] = "b";
                    Func<string, int> parse =
                        // what it does
                        text =>
                            int.Parse(
                                text);
                    if (conv.CallerNumber == "lambda")
                        return Handoff.Bye(parse("x").ToString());
                    return conv.CallerNumber == "member" ? Member(conv)
                        : conv.CallerNumber == "property" ? Handoff.Bye(Property)
                        : throw new InvalidOperationException("here");
                }

                private static Decision Member(Conversation conv) =>
                    // a comment
                    Handoff.Bye(int.Parse("y")
                        .ToString());

                private static string Property =>

                    conv("z");

                private static string conv(string s) { while (true) { throw new FormatException(s); } }
            }
            """;

        Assert.Equal(11, Logics.Decide(source, Calls.Started(caller: "lambda")).Failure!.Line);
        Assert.Equal(22, Logics.Decide(source, Calls.Started(caller: "member")).Failure!.Line);
        Assert.Equal(29, Logics.Decide(source, Calls.Started(caller: "property")).Failure!.Line);
        var thrown = Logics.Decide(source, Calls.Started(caller: "else")).Failure!;
        Assert.Equal(("logic.cs", 15), (thrown.File, thrown.Line!.Value));
        Assert.Equal("System.InvalidOperationException", thrown.ExceptionType);
        Assert.EndsWith("InvalidOperationException: here (logic.cs:15)", thrown.Message, StringComparison.Ordinal);
    }
}
