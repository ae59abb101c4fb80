using EventCalls.Replay.Tests.Deciders;
using EventCalls.Routing.Deciders.Child;

namespace EventCalls.Replay.Tests;

/// <summary>What the deciders of these tests run, and what another machine does for them; the tests themselves are run by the test host.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) =>
        args is [MachineVerdicts.Command] ? await MachineVerdicts.WriteAsync(Console.Out) : DeciderProgram.Run(args is [DeciderProgram.Command, .. var rest] ? rest : []);
}
