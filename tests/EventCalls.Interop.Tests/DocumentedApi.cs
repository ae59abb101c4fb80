using EventCalls.Interop.Tests.Fixtures;

namespace EventCalls.Interop.Tests;

/// <summary>Every command that docs/api.md shows does what it is shown for, as it is written there.</summary>
public sealed class DocumentedApi(DocumentedApi.Documented service) : IClassFixture<DocumentedApi.Documented>
{
    /// <summary>The one for which there has to be a recording is run where there is one.</summary>
    internal const string OfRecordings = "/recordings/";

    private const string Call = "0199c3d2-7a1b-7000-8000-000000000001";
    private const string Handoff = "/handoff";

    [Fact]
    public async Task Every_command_on_the_page_works()
    {
        var all = DocumentedCommands.Of("api.md");
        string folder = Directory.CreateTempSubdirectory("eventcalls-documented-").FullName;
        string logic = SteeredLogic.Text("Handoff.Reject(404)");
        Directory.CreateDirectory(Path.Combine(folder, "routing"));
        await File.WriteAllTextAsync(Path.Combine(folder, "routing", "Desk.cs"), logic);
        string version = await service.KeepLogicAsync(logic);
        var (_, past) = await service.CallToTheEndAsync("call-rejected-404", "reject_404");
        (string, string)[] there =
        [
            ("http://127.0.0.1:8080", service.Address.GetLeftPart(UriPartial.Authority)), ("/etc/eventcalls/keys.json", service.HttpKeys["Http__Keys"]),
            (Call, $"{past.CallId:D}"), ("3f2a91c0", version["sha256:".Length..][..8]),
        ];

        // The first makes the key that the others are asked with.
        string first = all[0];
        Assert.StartsWith("{\"calls\":", await DocumentedCommands.RunAsync(first.Replace("keys new wallboard", "keys new newcomer", StringComparison.Ordinal), folder, "", there), StringComparison.Ordinal);
        var others = all.Skip(1).Where(text => !text.Contains(OfRecordings, StringComparison.Ordinal) && !text.Contains(Handoff, StringComparison.Ordinal)).ToList();
        Assert.Equal(all.Count - 3, others.Count);
        string said = "";
        foreach (string text in others)
            said += await DocumentedCommands.RunAsync(WithKey(text), folder, service.KeyOf("root"), there);
        Assert.Contains("event: up", said, StringComparison.Ordinal);
        Assert.Contains($"\"version\":\"{version}\"", said, StringComparison.Ordinal);
        Assert.Contains("night desk", said, StringComparison.Ordinal);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(folder, "ladder.svg")), StringComparison.Ordinal);
        await service.JsonAsync(200, "/api/logic/roll-back", $$"""{"from": "{{version}}"}""", "root");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_handoff_on_the_page_moves_a_call()
    {
        await using var first = await service.TargetAsync("target-answers");
        await using var second = await service.TargetAsync("target-answers", second: true);
        var calling = service.CallAsync("call-reinvited", "bridge", receiveTimeoutMs: 60_000);
        string? call;
        while ((call = await AnsweredAsync()) is null)
            await Task.Delay(50);
        string text = Assert.Single(DocumentedCommands.Of("api.md"), t => t.Contains(Handoff, StringComparison.Ordinal));

        string said = await DocumentedCommands.RunAsync(WithKey(text), Path.GetTempPath(), service.KeyOf("anna"), ("http://127.0.0.1:8080", service.Address.GetLeftPart(UriPartial.Authority)), (Call, call));

        Assert.Contains("\"handoffId\":", said, StringComparison.Ordinal);
        (await calling).Result.MustSucceed();
        (await first.WaitAsync()).MustSucceed();
        Assert.Equal("42", Assert.Single((await second.WaitAsync()).MustSucceed().Received, m => m.Method == "INVITE").Header("X-Customer-ID"));
    }

    // What is shown for a service without keys, here with one.
    private static string WithKey(string text) => text.Contains("Authorization", StringComparison.Ordinal) ? text : text.Replace("curl ", "curl -H \"Authorization: Bearer $KEY\" ", StringComparison.Ordinal);

    private async Task<string?> AnsweredAsync() => (await service.JsonAsync(200, "/api/live/calls")).GetProperty("calls").EnumerateArray()
        .Where(call => call.GetProperty("outcome").GetString() == "answered").Select(call => call.GetProperty("callId").GetString()).FirstOrDefault();

    public sealed class Documented : ServingService
    {
        internal override EventCallsSettings Configure(EventCallsSettings settings) => SteeredLogic.FromStore(base.Configure(settings));
    }
}
