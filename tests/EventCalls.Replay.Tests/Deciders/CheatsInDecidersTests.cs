using EventCalls.Contracts;
using EventCalls.Replay.Calls;
using EventCalls.Replay.Deciding;
using EventCalls.Routing.Loading;
using EventCalls.Store;

namespace EventCalls.Replay.Tests.Deciders;

/// <summary>Many cheats, all in one logic and so in one pair of deciders: each call is of one of them.</summary>
public sealed class CheatsInDecidersTests
{
    private const int CallsOfEach = 20;

    private static readonly (string Does, string Members)[] s_all = [.. Cheats.Leaving, .. Cheats.Looking];

    private static string Source => $$"""
        public sealed class Line : RoutingLogic
        {
            public override Decision Start(Conversation conv)
            {
                conv.State["found"] = int.Parse(conv.CalleeNumber) switch
                {
                    {{string.Join("\n", s_all.Select((_, i) => $"{i} => Cheat{i}.Run(conv),"))}}
                    _ => "",
                };
                return Handoff.Bye();
            }

            {{string.Join("\n", s_all.Select((cheat, i) => $$"""
            static class Cheat{{i}} { {{cheat.Members}} internal static string Run(Conversation conv) { long n = 0; string t = ""; {{cheat.Does}} return $"{n} {t}"; } }
            """))}}
        }
        """;

    [Fact]
    public async Task What_gets_past_the_rules_is_never_the_same_or_changed_by_accident()
    {
        var believed = await BelievedAsync();

        Assert.True(believed.Count == 0, string.Join('\n', believed));
    }

    [Fact]
    public async Task Each_of_them_is_refused_by_the_rules_in_a_process_that_compiles_as_it_is_here()
    {
        await using var decider = await Routing.Deciders.DeciderProcess.StartAsync(InDecidersTests.s_options.Deciders!, TimeProvider.System, CancellationToken.None);
        // Not all at once: a check stops listing what is wrong at some length.
        foreach (var some in s_all.Chunk(40))
        {
            LogicSource[] sources =
            [
                new("line.cs", Logics.Start("return Handoff.Bye();")),
                .. some.Select((cheat, i) => new LogicSource(
                    $"c{i:000}.cs", $$"""internal static class Cheat{{i}} { {{cheat.Members}} internal static string Run(Conversation conv) { long n = 0; string t = ""; {{cheat.Does}} return $"{n} {t}"; } }""")),
            ];
            var here = LogicCompiler.Compile(sources).Diagnostics;
            var there = await decider.CompileAsync(sources, CancellationToken.None);

            Assert.Empty(some.Where((_, i) => !here.Any(d => d.File == $"c{i:000}.cs" && d.Id.StartsWith("EC", StringComparison.Ordinal))).Select(cheat => cheat.Does));
            Assert.Equal(here, there.Diagnostics);
        }
    }

    /// <summary>What was said of a cheat's calls as if it could be relied on, one line for each; also on another machine.</summary>
    internal static async Task<List<string>> BelievedAsync()
    {
        using var logic = Unguarded(Source);
        using var other = Unguarded(Source + "// another version");
        var past = new PastCalls(logic);
        var calls = s_all.Select((_, i) => Enumerable.Range(0, CallsOfEach).Select(n => past.Call($"+1555{n:0000}", $"{i}")).ToList()).ToList();
        Assert.Empty(calls.SelectMany(of => PastCalls.Events(of[0]).OfType<RoutingFailed>().Select(failed => failed.Message)));

        using var own = new InDeciders(logic, InDecidersTests.s_options, InDecidersTests.s_options.Deciders!, TimeProvider.System);
        using var others = new InDeciders(other, InDecidersTests.s_options, InDecidersTests.s_options.Deciders!, TimeProvider.System);
        var believed = new List<string>();
        for (int i = 0; i < s_all.Length; i++)
        {
            believed.AddRange(await BelievedAsync(own, calls[i], Verdict.Nondeterministic, s_all[i].Does));
            believed.AddRange(await BelievedAsync(others, calls[i], Verdict.NotReplayable, s_all[i].Does));
        }

        return believed;
    }

    /// <summary>What was said of calls of one cheat as if it could be relied on. Where the deciders find that the logic is not steady, a replay gives no other verdict for the whole of it.</summary>
    private static async Task<IEnumerable<string>> BelievedAsync(InDeciders deciders, List<CallHistory> calls, Verdict expected, string cheat)
    {
        var block = await deciders.DecideAsync(new PastBlock(calls), all: true);
        return block.Unsteady >= 0 ? [] : block.Calls.Where(call => call!.Verdict != expected).Select(call => $"{cheat}: {call!.Verdict} {call.Unrecorded} {call.Error}").Take(1);
    }

    private static CompiledLogic Unguarded(string source)
    {
        var check = LogicCompiler.CompileUnguarded([new LogicSource("line.cs", source)]);
        Assert.True(check.Ok, string.Join('\n', check.Diagnostics));
        return check.Logic!;
    }
}
