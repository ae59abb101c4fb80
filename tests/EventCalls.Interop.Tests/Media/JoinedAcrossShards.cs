using EventCalls.Interop.Tests.Fixtures;
using EventCalls.Sip.Dialogs;

namespace EventCalls.Interop.Tests.Media;

/// <summary>An attended transfer of two calls that are on two shards of the node, and whose media goes through it.</summary>
public sealed class JoinedAcrossShards(ShardedCalls service) : IClassFixture<ShardedCalls>
{
    private const int TargetHertz = AnchoredCalls.TargetHertz;
    private const int SecondHertz = 1500;

    [Fact]
    [Trait("RFC", "3891 §3, 5589 §7.1")]
    public async Task Two_calls_of_two_shards_that_are_joined_talk_to_each_other_and_end_together()
    {
        await using var target = service.Target();
        await using var second = service.Target(SecondHertz, second: true);
        await using var caller = AnchoredCalls.Caller();
        string first = await service.ConnectAsync(caller, target);
        var firstLeg = caller.Leg!;
        await caller.ChangeAsync("sendonly");
        string other = await service.ConnectAsync(caller, second, "bridge_to_second");
        // What it heard of the call before may be heard still before the next one is answered.
        await caller.UntilAsync(() => caller.Leg!.RemoteTag is not null, "it is not answered");
        while (ShardOf(caller.Leg!) == ShardOf(firstLeg))
        {
            await caller.HangUpAsync();
            await service.Process.EndedCallAsync(other);
            other = await service.ConnectAsync(caller, second, "bridge_to_second");
            await caller.UntilAsync(() => caller.Leg!.RemoteTag is not null, "it is not answered");
        }
        var otherLeg = caller.Leg!;
        string replaces = Uri.EscapeDataString($"{other};to-tag={otherLeg.RemoteTag};from-tag={otherLeg.LocalTag}");
        await ChangedSessions.ReferAsync(caller, $"sip:second@127.0.0.1:{service.Settings.SecondPort}?Replaces={replaces}", firstLeg);
        await target.HearAsync(SecondHertz);
        await second.HearAsync(TargetHertz);
        await second.ChangeAsync("sendonly");
        Assert.Contains("a=sendonly", target.LastTold, StringComparison.Ordinal);
        await second.ChangeAsync();
        await second.HangUpAsync();
        var ends = new[] { (await service.Process.EndedCallAsync(first)).Ended, (await service.Process.EndedCallAsync(other)).Ended };
        Assert.All(ends, static ended => Assert.Equal("hung_up", ended["cause"]));
        await service.AllGivenBackAsync();
    }

    /// <summary>Our tags begin with the number of the shard that made them.</summary>
    private static string ShardOf(Leg leg) => leg.RemoteTag![..2];
}

/// <summary>The same service on four shards.</summary>
public sealed class ShardedCalls : AnchoredCalls
{
    /// <inheritdoc />
    internal override EventCallsSettings Configure(EventCallsSettings settings)
    {
        settings = base.Configure(settings);
        return settings with { More = new Dictionary<string, string>(settings.More) { ["Sip__Shards"] = "4" } };
    }
}
