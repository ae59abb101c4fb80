using System.Diagnostics;
using EventCalls.Contracts;
using EventCalls.Routing.Deciders;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;

namespace EventCalls.Routing.Tests.Deciders;

/// <summary>Deciders for tests: processes of this test project's own program.</summary>
internal static class TestDeciders
{
    public static DeciderProcessOptions Options { get; } = new()
    {
        Command = DeciderCommand.OfAssembly(typeof(TestDeciders).Assembly.Location),
    };

    public static Task<DeciderProcess> StartAsync(DeciderProcessOptions? options = null) =>
        DeciderProcess.StartAsync(options ?? Options, TimeProvider.System, CancellationToken.None);

    /// <summary>Compiled without the rules: what gets past them must do no harm either.</summary>
    public static async Task<CompiledLogic> UnguardedAsync(this DeciderProcess decider, string source)
    {
        var check = await decider.CompileAsync([new LogicSource("line.cs", source)], isGuarded: false, CancellationToken.None);
        Assert.True(check.Ok, string.Join("\n", check.Diagnostics));
        return check.Logic!;
    }

    public static Task<DecisionResult> DecideAsync(this DeciderProcess decider, CompiledLogic logic, DecisionRequest? request = null, DecideOptions? options = null)
    {
        var asked = new Asked(logic, request ?? DecisionRequest.For(Calls.Started()), options ?? new DecideOptions { TimeLimit = TimeSpan.FromSeconds(5) });
        Assert.True(decider.Ask(asked), "The decider has ended.");
        return asked.Task;
    }

    /// <summary>Looks after a decider as a pool does, until it has ended.</summary>
    public static async Task<DeciderDeath> WatchToEndAsync(this DeciderProcess decider)
    {
        var began = Stopwatch.StartNew();
        while (!decider.Completion.IsCompleted)
        {
            Assert.True(began.Elapsed < TimeSpan.FromSeconds(60), "The decider did not end.");
            decider.Watch();
            await Task.WhenAny(decider.Completion, Task.Delay(20));
        }

        return await decider.Completion;
    }

    internal sealed class Asked(CompiledLogic logic, DecisionRequest request, DecideOptions options) : PendingDecision(logic, request, options)
    {
        private readonly TaskCompletionSource<DecisionResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<DecisionResult> Task => _done.Task;

        public override void Complete(DecisionResult result) => _done.SetResult(result);

        public override void Fail(Exception error) => _done.SetException(error);
    }
}
