using System.Text.RegularExpressions;

namespace EventCalls.Contracts.Tests;

public sealed partial class CallerStatusTests
{
    [Theory]
    [InlineData(TransferOutcome.Busy, 486)]
    [InlineData(TransferOutcome.NoAnswer, 480)]
    [InlineData(TransferOutcome.Declined, 603)]
    [InlineData(TransferOutcome.NotFound, 404)]
    [InlineData(TransferOutcome.NotAllowed, 403)]
    [InlineData(TransferOutcome.Unauthorized, 403)]
    [InlineData(TransferOutcome.Unreachable, 502)]
    [InlineData(TransferOutcome.TimedOut, 504)]
    [InlineData(TransferOutcome.NoNotify, 480)]
    [InlineData(TransferOutcome.CallerHungUp, 487)]
    [InlineData(TransferOutcome.Cancelled, 487)]
    [InlineData(TransferOutcome.InvalidTarget, 500)]
    [InlineData(TransferOutcome.Error, 500)]
    public void Every_outcome_has_a_status(TransferOutcome outcome, int status) =>
        Assert.Equal(status, CallerStatus.Of(outcome, new SipEvidence { Source = "local", ReasonPhrase = "x" }));

    [Theory]
    [InlineData("response", 415, 415)]
    [InlineData("response", 488, 488)]
    [InlineData("response", 606, 606)]
    [InlineData("response", 484, 484)]
    [InlineData("response", 580, 580)]
    [InlineData("notify", 600, 600)]
    [InlineData("response", 401, 403)]
    [InlineData("response", 408, 480)]
    [InlineData("response", 481, 500)]
    [InlineData("response", 487, 480)]
    [InlineData("response", 503, 502)]
    [InlineData("response", 302, 500)]
    [InlineData("record", 484, 500)]
    public void A_targets_status_passes_where_it_says_something_to_the_caller(string source, int status, int heard)
    {
        var evidence = new SipEvidence { Source = source, Status = status };
        Assert.Equal(heard, CallerStatus.Of(TransferOutcomes.Derive(HandoffMethod.Invite, evidence), evidence));
    }

    [Theory]
    [InlineData(LocalEvidence.OfferNotAnswerable)]
    [InlineData(LocalEvidence.AnswerNotUsable)]
    [InlineData(LocalEvidence.CallerRefusedMedia)]
    public void Sessions_that_do_not_fit_are_488(LocalEvidence what) =>
        Assert.Equal(488, CallerStatus.Of(TransferOutcome.Error, new SipEvidence { Source = "local", ReasonPhrase = $"{WireName.Of(what)}: detail" }));

    [Fact]
    public void No_status_is_one_that_a_carrier_takes_for_this_servers()
    {
        for (int status = 100; status < 700; status++)
        {
            var evidence = new SipEvidence { Source = "response", Status = status };
            Assert.InRange(CallerStatus.Of(TransferOutcomes.Derive(HandoffMethod.Invite, evidence), evidence), 400, 699);
            Assert.NotEqual(503, CallerStatus.Of(TransferOutcomes.Derive(HandoffMethod.Invite, evidence), evidence));
        }
    }

    [Fact]
    public void Nothing_else_makes_a_status_of_an_outcome()
    {
        string src = Path.Combine(Root(), "src");
        var others = Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => Maps().IsMatch(File.ReadAllText(f)))
            .Select(f => Path.GetFileName(f));
        Assert.Equal(["CallerStatus.cs"], others);
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "EventCalls.sln")))
            folder = Path.GetDirectoryName(folder);
        return Assert.IsType<string>(folder);
    }

    [GeneratedRegex(@"TransferOutcome\.\w+\s*=>\s*[4-6]\d\d\b")]
    private static partial Regex Maps();
}
