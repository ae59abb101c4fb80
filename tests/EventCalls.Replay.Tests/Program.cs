using EventCalls.Routing.Deciders.Child;

namespace EventCalls.Replay.Tests;

/// <summary>What the deciders of these tests run; the tests themselves are run by the test host.</summary>
internal static class Program
{
    private static int Main(string[] args) => DeciderProgram.Run(args is [DeciderProgram.Command, .. var rest] ? rest : []);
}
