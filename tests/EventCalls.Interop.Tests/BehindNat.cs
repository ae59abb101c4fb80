using System.Text.RegularExpressions;
using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Peers whose Contact leads nowhere, over real sockets: what we ask within the call goes where they really are, as <c>Nat</c> <c>auto</c> has it for callers and for those that we call.</summary>
public sealed partial class BehindNat(EmbeddedService service) : IClassFixture<EmbeddedService>, IDisposable
{
    // From loopback nothing that is less than that is reached, and nobody takes anything at that port.
    private const string Nowhere = "Contact: <sip:hidden@0.0.0.0:9>";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-nat-");

    [Theory]
    [InlineData("u1")]
    [InlineData("t1")]
    [Trait("RFC", "3261 §12.2.1.1, 3581 §4")]
    public async Task A_caller_hears_the_BYE_where_it_calls_from(string transport)
    {
        await using var target = await service.TargetAsync("target-answers-then-hangs-up");
        string prefix = $"hidden-{transport}";
        var result = await SippRun.RunAsync(new SippOptions
        {
            Scenario = Hidden("call-answered-peer-hangs-up"),
            Remote = service.Process.SipAddress,
            Dial = "bridge",
            Transport = transport,
            PauseMs = 100,
            ReceiveTimeoutMs = 10_000,
            CallIdPrefix = prefix,
        });
        Assert.True(result.Succeeded, $"{result}\n{service.Process.Describe()}");
        (await target.WaitAsync()).MustSucceed();
        Assert.Equal("hung_up", (await service.Process.EndedCallAsync($"{prefix}-1@127.0.0.1")).Ended["cause"]);
    }

    [Fact]
    [Trait("RFC", "3261 §12.2.1.1, §13.2.2.4")]
    public async Task A_target_hears_the_ACK_of_its_answer_and_the_BYE_where_it_was_called()
    {
        await using var target = await SippRun.StartAsync(new SippOptions
        {
            Scenario = Hidden("target-answers"),
            Port = service.Settings.TargetPort,
            PauseMs = 100,
            ReceiveTimeoutMs = 10_000,
        });
        var (_, call) = await service.CallToTheEndAsync("call-answered", "bridge");
        (await target.WaitAsync()).MustSucceed();
        Assert.Equal(["invite answered"], call.Outcomes);
        Assert.Equal(("caller", "hung_up"), (call.Ended["endedBy"], call.Ended["cause"]));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The scenario with a Contact that leads nowhere.</summary>
    private string Hidden(string scenario)
    {
        string text = File.ReadAllText(Scenarios.File(scenario));
        string hidden = Contact().Replace(text, Nowhere);
        Assert.NotEqual(text, hidden);
        string file = Path.Combine(_folder.FullName, Path.GetFileName(Scenarios.File(scenario)));
        File.WriteAllText(file, hidden);
        return file;
    }

    [GeneratedRegex("Contact: <[^>]*>")]
    private static partial Regex Contact();
}
