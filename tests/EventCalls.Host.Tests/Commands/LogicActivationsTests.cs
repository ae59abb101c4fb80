using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Host.Commands;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Host.Tests.Commands;

public sealed class LogicActivationsTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 13, 0, 0, TimeSpan.FromHours(1));

    [Fact]
    public async Task Activations_are_listed_with_who_when_and_which_version_the_newest_first()
    {
        await using var run = new CommandRun();
        await ActivateAsync(run);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "activations"));

        Assert.Equal(
            [
                "2026-11-22T12:03:00Z  bob               rolled back to  each router's folder  (decides now)",
                "2026-11-22T12:02:00Z  anna              rolled back to  sha256:aa",
                "2026-11-22T12:01:00Z  bob               activated       sha256:bb  \"ticket \uFFFD[31m7\"",
                "2026-11-22T12:00:00Z  anna              activated       sha256:aa",
            ],
            run.OutLines);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task An_activation_as_JSON_has_exactly_the_fields_that_are_promised()
    {
        await using var run = new CommandRun();
        await ActivateAsync(run);

        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "activations", "--json", "--limit", "3"));

        Assert.Equal(3, run.OutLines.Length);
        Assert.Equal("""{"number":4,"version":null,"by":"bob","at":"2026-11-22T12:03:00Z","before":null,"rolledBack":true,"note":null}""", run.OutLines[0]);
        Assert.Equal("ticket \u001b[31m7", JsonElement.Parse(run.OutLines[2]).GetProperty("note").GetString());
    }

    [Fact]
    public async Task More_than_are_asked_for_and_none_at_all_are_said()
    {
        await using var run = new CommandRun();
        await run.StoreAsync();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "activations"));
        Assert.Contains("Nothing was activated", run.Error, StringComparison.Ordinal);
        await ActivateAsync(run);
        run.Forget();
        Assert.Equal(ExitCodes.Done, await run.RunAsync("logic", "activations", "--limit", "1"));
        Assert.Single(run.OutLines);
        Assert.Equal("There are 3 older ones. --limit N shows N.\n", run.Error);
        Assert.Equal(ExitCodes.BadUsage, await run.RunAsync("logic", "activations", "--limit", "0"));
    }

    private static async Task ActivateAsync(CommandRun run)
    {
        await using var store = SqliteStore.Open(new StoreOptions { Sqlite = run.Database });
        await store.MigrateAsync(default);
        LogicActivation[] all =
        [
            new() { Number = 1, Version = "sha256:aa", By = "anna", At = s_noon },
            new() { Number = 2, Version = "sha256:bb", By = "bob", At = s_noon.AddMinutes(1), Before = 1, Note = "ticket \u001b[31m7" },
            new() { Number = 3, Version = "sha256:aa", By = "anna", At = s_noon.AddMinutes(2), RolledBack = true },
            new() { Number = 4, By = "bob", At = s_noon.AddMinutes(3), RolledBack = true },
        ];
        foreach (var activation in all)
            Assert.True(await ((ILogicSteering)store).TryActivateAsync(activation, default));
    }
}
