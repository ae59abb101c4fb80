using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Testing;

namespace EventCalls.Interop.Tests;

/// <summary>Whole calls, decided by the Python functions of docs/examples.</summary>
public class PythonFunctions
{
    private const int Calls = 20;

    [Fact]
    public async Task Calls_are_referred_by_the_functions_as_they_are()
    {
        string example = Path.Combine(Root(), "docs", "examples", "python-functions");
        await using var python = ChildProcess.Start("python3", ["-B", Path.Combine(example, "serve.py"), Path.Combine(example, "functions"), "--port", "0"]);
        string line = await python.WaitForLineAsync(l => l.StartsWith("listening on ", StringComparison.Ordinal), TimeSpan.FromSeconds(30), CancellationToken.None);
        await using var service = await EventCallsProcess.StartAsync(new EventCallsSettings
        {
            SipPort = FreePorts.Next(),
            TargetPort = FreePorts.Next(),
            SecondPort = FreePorts.Next(),
            Webhook = line["listening on ".Length..].Trim(),
        });
        await using var traffic = await Traffic.StartAsync(service.SipAddress, "python", Calls, 10);

        var result = (await traffic.WaitAsync()).MustSucceed();

        var streams = await Traffic.MustBeOnRecordAsync(service, Traffic.Accepted(result), TimeSpan.FromMinutes(1));
        Assert.Equal(Calls, streams.Count);
        Assert.All(streams, s => Assert.Equal(["refer answered"], s.Outcomes));
        Assert.Contains("Caller ID: ", python.Output, StringComparison.Ordinal);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventCalls.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
