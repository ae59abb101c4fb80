using EventCalls.Contracts;
using EventCalls.Store.Steering;

namespace EventCalls.Store.Tests.Conformance;

/// <summary>What routers decide by, and who brought each version.</summary>
public abstract class SteeringConformance(ICallStoreFixture fixture) : ConformanceBase(fixture)
{
    private static readonly DateTimeOffset s_noon = new(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private ILogicSteering Steering => (ILogicSteering)Store;

    [Fact]
    public async Task Nothing_is_decided_by_before_the_first_activation()
    {
        Assert.Null(await Steering.LastActivationAsync(None));
        Assert.Null(await Steering.FindActivationAsync(1, None));
        Assert.Empty(await Steering.ListActivationsAsync(10, None));
    }

    [Fact]
    public async Task A_record_is_kept_as_it_was_given_and_seen_by_every_process()
    {
        var first = Activation(1) with { Version = "sha256:a", Note = "the ä line" };
        var back = Activation(2) with { RolledBack = true, Before = null };
        var third = Activation(3) with { Version = "sha256:b", Before = 2 };
        foreach (var activation in (LogicActivation[])[first, back, third])
            Assert.True(await Steering.TryActivateAsync(activation, None));

        await using var another = OpenAnother();
        var seen = (ILogicSteering)another;
        Assert.Equal(third, await seen.LastActivationAsync(None));
        Assert.Equal([third, back], await seen.ListActivationsAsync(2, None));
        Assert.Equal(first, await seen.FindActivationAsync(1, None));
    }

    [Fact]
    public async Task Only_the_number_behind_the_last_one_is_taken()
    {
        Assert.False(await Steering.TryActivateAsync(Activation(2), None));
        Assert.True(await Steering.TryActivateAsync(Activation(1), None));
        Assert.False(await Steering.TryActivateAsync(Activation(1) with { By = "bob" }, None));
        Assert.False(await Steering.TryActivateAsync(Activation(3), None));
        Assert.Equal(Activation(1), await Steering.LastActivationAsync(None));
    }

    [Fact]
    public async Task Of_many_at_once_one_is_taken()
    {
        await using var another = OpenAnother();
        var both = (ILogicSteering[])[Steering, (ILogicSteering)another];
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() => both[n % 2].TryActivateAsync(Activation(1) with { By = $"user{n}" }, None))));
        int winner = Array.IndexOf(taken, true);
        Assert.Equal(winner, Array.LastIndexOf(taken, true));
        Assert.Equal($"user{winner}", Assert.Single(await Steering.ListActivationsAsync(10, None)).By);
    }

    [Fact]
    public async Task Who_brought_and_who_loaded_a_version_is_kept_once_with_the_first_and_the_last_time()
    {
        await Steering.SaveArrivalAsync(new LogicArrival("sha256:a", Uploaded: true, "anna", s_noon, s_noon), None);
        foreach (int minute in (int[])[5, 9, 2])
            await Steering.SaveArrivalAsync(new LogicArrival("sha256:a", Uploaded: false, "edge-1", s_noon.AddMinutes(minute), s_noon.AddMinutes(minute)), None);
        await Steering.SaveArrivalAsync(new LogicArrival("sha256:a", Uploaded: false, "anna", s_noon.AddHours(1), s_noon.AddHours(1)), None);
        await Steering.SaveArrivalAsync(new LogicArrival("sha256:0", Uploaded: false, "edge-2", s_noon, s_noon), None);
        Assert.Equal(
            [
                new LogicArrival("sha256:0", false, "edge-2", s_noon, s_noon),
                new LogicArrival("sha256:a", true, "anna", s_noon, s_noon),
                new LogicArrival("sha256:a", false, "edge-1", s_noon.AddMinutes(2), s_noon.AddMinutes(9)),
                new LogicArrival("sha256:a", false, "anna", s_noon.AddHours(1), s_noon.AddHours(1)),
            ],
            await Steering.ListArrivalsAsync(None));
    }

    [Fact]
    public async Task A_record_of_how_a_version_proves_itself_is_kept_with_those_of_its_kind_and_only_behind_the_last_one()
    {
        Assert.Null(await Steering.LastProofAsync(ProofKind.Canary, None));
        var first = new ProofRecord(ProofKind.Canary, 1, s_noon, """{"note":"the ä line"}""");
        Assert.False(await Steering.TryKeepProofAsync(first with { Number = 2 }, None));
        Assert.True(await Steering.TryKeepProofAsync(first, None));
        Assert.False(await Steering.TryKeepProofAsync(first with { Json = "{}" }, None));
        Assert.True(await Steering.TryKeepProofAsync(first with { Number = 2, At = s_noon.AddHours(1) }, None));
        Assert.True(await Steering.TryKeepProofAsync(first with { Kind = ProofKind.Nightly }, None));

        await using var another = OpenAnother();
        var seen = (ILogicSteering)another;
        Assert.Equal([first with { Number = 2, At = s_noon.AddHours(1) }, first], await seen.ListProofsAsync(ProofKind.Canary, 9, None));
        Assert.Equal(first with { Kind = ProofKind.Nightly }, await seen.LastProofAsync(ProofKind.Nightly, None));
        Assert.Empty(await seen.ListProofsAsync(ProofKind.Shadow, 9, None));
    }

    private static LogicActivation Activation(long number) => new() { Number = number, By = "anna", At = s_noon.AddMinutes(number) };
}
