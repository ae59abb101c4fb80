using EventCalls.Contracts;
using EventCalls.Routing.Deciders.Child;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Tests.Deciders;

namespace EventCalls.Routing.Tests;

/// <summary>What the deciders of these tests run; the tests themselves are run by the test host.</summary>
internal static class Program
{
    /// <summary>The argument that makes it a parent whose decider is in the middle of a decision that never ends.</summary>
    public const string Parent = "parent";

    private static async Task<int> Main(string[] args)
    {
        if (args is [Parent])
            return await BeParentAsync();
        return DeciderProgram.Run(args is [DeciderProgram.Command, .. var rest] ? rest : []);
    }

    private static async Task<int> BeParentAsync()
    {
        var decider = await TestDeciders.StartAsync();
        var check = await decider.CompileAsync(
            [new LogicSource("line.cs", "public sealed class L : RoutingLogic { public override Decision Start(Conversation c) { while (true) { } } }")], isGuarded: false, default);
        var hanging = new TestDeciders.Asked(check.Logic!, DecisionRequest.For(Calls.Started()), new DecideOptions { TimeLimit = TimeSpan.FromMinutes(10) });
        decider.Ask(hanging);
        System.Console.WriteLine(decider.Id);
        await hanging.Task;
        return 0;
    }
}
