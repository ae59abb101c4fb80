using EventCalls.Routing.Deciders.Child;

namespace EventCalls.Routing.Tests;

/// <summary>What the deciders of these tests run; the tests themselves are run by the test host.</summary>
internal static class Program
{
    private static int Main(string[] args) => DeciderProgram.Run(args is [DeciderProgram.Command, .. var rest] ? rest : []);
}
