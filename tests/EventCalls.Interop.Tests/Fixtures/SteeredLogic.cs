using System.Text.Json;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>Versions of logic that are uploaded, activated and rolled back, and which of them decides.</summary>
internal static class SteeredLogic
{
    /// <summary>Logic from the store. Which version decides is what counts, and not how fast this machine is.</summary>
    public static EventCallsSettings FromStore(EventCallsSettings settings) =>
        settings with { More = new Dictionary<string, string>(settings.More) { ["Routing__LogicFrom"] = "store", ["Routing__DeadlineMs"] = "30000" } };

    /// <summary>Logic that decides all calls so.</summary>
    public static string Text(string decision) =>
        $"using EventCalls.Routing;\npublic sealed class Desk : RoutingLogic\n{{\n    public override Decision Start(Conversation conv) => {decision};\n}}\n";

    /// <summary>Uploads logic that rejects all calls with a status; its version.</summary>
    public static Task<string> UploadAsync(this ServingService service, int status) => service.KeepLogicAsync(Text($"Handoff.Reject({status})"));

    /// <summary>Uploads logic; its version.</summary>
    public static async Task<string> KeepLogicAsync(this ServingService service, string text) =>
        (await service.JsonAsync(201, "/api/logic", JsonSerializer.Serialize(new { files = new Dictionary<string, string> { ["Desk.cs"] = text } }), "root")).GetProperty("version").GetString()!;

    /// <summary>Calls, expecting what the scenario expects; the version that decided.</summary>
    public static async Task<string> DecidedByAsync(this ServingService service, string scenario) =>
        (await service.CallToTheEndAsync(scenario, "reject_404")).Stream.Only("flow_selected")["logicVersion"]!;

    /// <summary>Activates or rolls back, and waits until the router has told that it has what decides then.</summary>
    public static async Task StepAsync(this ServingService service, string path, string json, string then) =>
        await service.UntilLoadedAsync(then, (await service.JsonAsync(200, path, json, "root")).GetProperty("activation").GetProperty("at").GetDateTimeOffset());

    /// <summary>Waits until the router has told, after what was done at this time, that it has a version.</summary>
    public static async Task UntilLoadedAsync(this ServingService service, string version, DateTimeOffset at)
    {
        for (int i = 0; i < 900; i++)
        {
            var versions = (await service.JsonAsync(200, "/api/logic", by: "wallboard")).GetProperty("versions").EnumerateArray();
            if (versions.First(v => v.GetProperty("version").GetString() == version).GetProperty("loaded").EnumerateArray().Any(l => l.GetProperty("lastAt").GetDateTimeOffset() >= at))
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"{version} was not loaded.\n{service.Server.Describe()}");
    }
}
