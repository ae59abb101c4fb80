using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using EventCalls.Benchmarks.Running;
using EventCalls.Testing;
using static EventCalls.Benchmarks.Running.BenchmarkCommand;

namespace EventCalls.Benchmarks.Seen;

/// <summary>What a call costs a service in which another version of the logic decides every call again, beside two without; the challenger decides each call otherwise, which is the dearest that a call can be.</summary>
internal static class ShadowCostRun
{
    private const string Usage = "shadow cost [--rate CALLS-A-SECOND] [--seconds S] [--rounds N] [--store postgres]";
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    public static Task<int> RunAsync(IReadOnlyList<string> args) => BenchmarkCommand.RunAsync(
        args, given => given is ["cost", ..] ? SeenOptions.Parse(given) : throw new FormatException("shadow: expected cost."), Usage, RunAsync);

    private static async Task<int> RunAsync(SeenOptions options, string folder)
    {
        // All three serve HTTP, so that the shadow alone makes the difference.
        await using var plain = await MeteredService.StartAsync("plain", options, folder, Listening(out _));
        await using var again = await MeteredService.StartAsync("again", options, folder, Listening(out _));
        await using var shadowed = await MeteredService.StartAsync("shadowed", options, folder, Listening(out var address));
        using var client = new HttpClient { BaseAddress = address };
        await StartAsync(client);
        long decided = 0;
        // Calls that wait for the shadow belong to the turn in which they were made.
        shadowed.Settled = async calls =>
        {
            long before = decided;
            using var limit = new CancellationTokenSource(s_limit);
            do
            {
                await Task.Delay(s_look, limit.Token);
                decided = await DecidedAsync(client, limit.Token);
            }
            while (decided - before < calls);
        };
        await new CostTurns(options, plain, again, shadowed).RunAsync("shadowed", "with a shadow that decides each otherwise");
        Line($"{decided} calls were decided again");
        return 0;
    }

    private static Dictionary<string, string> Listening(out Uri address)
    {
        address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}"));
        return new() { ["Http__Listen"] = address.OriginalString };
    }

    private static async Task StartAsync(HttpClient client)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Load", "Logic", "LoadLogic.cs"));
        var files = new Dictionary<string, string> { ["LoadLogic.cs"] = text.Replace("sip:support@", "sip:desk@", StringComparison.Ordinal) };
        var version = (await AnswerAsync(client, "/api/logic", new { files })).GetProperty("version").GetString();
        await AnswerAsync(client, "/api/logic/shadow", new { challenger = version });
    }

    private static async Task<JsonElement> AnswerAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        string said = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(said) : throw new InvalidOperationException($"{path}: {said}");
    }

    private static async Task<long> DecidedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var now = (await client.GetFromJsonAsync<JsonElement>("/api/logic/shadow", cancellationToken)).GetProperty("now");
        if (now.ValueKind == JsonValueKind.Null)
            return 0;
        var totals = now.GetProperty("totals");
        return now.GetProperty("dropped").GetInt64() == 0 && totals.GetProperty("changed").GetInt64() == totals.GetProperty("calls").GetInt64()
            ? totals.GetProperty("calls").GetInt64()
            : throw new InvalidOperationException($"The shadow was to decide each call, and each otherwise: {now}");
    }
}
