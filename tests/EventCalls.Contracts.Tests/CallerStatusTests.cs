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
    [InlineData("response", 300, 480)]
    [InlineData("response", 301, 410)]
    [InlineData("response", 302, 480)]
    [InlineData("response", 305, 480)]
    [InlineData("response", 380, 480)]
    [InlineData("response", 399, 480)]
    [InlineData("notify", 302, 480)]
    [InlineData("response", 400, 500)]
    [InlineData("response", 500, 500)]
    [InlineData("response", 504, 502)]
    [InlineData("response", 699, 600)]
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

    [Theory]
    [InlineData(LocalEvidence.InvalidTarget, 404, 404, 404)]
    [InlineData(LocalEvidence.InvalidTarget, null, 500, 500)]
    [InlineData(LocalEvidence.TargetNotAllowed, null, 403, 403)]
    [InlineData(LocalEvidence.NoSuchDialog, 481, 481, 481)]
    [InlineData(LocalEvidence.NotHeard, null, 502, 408)]
    [InlineData(LocalEvidence.NoResponse, null, 504, 408)]
    [InlineData(LocalEvidence.TransportError, null, 502, 503)]
    [InlineData(LocalEvidence.HostNotFound, null, 502, 503)]
    [InlineData(LocalEvidence.NotConfirmed, null, 500, 503)]
    [InlineData(LocalEvidence.RingTimeout, null, 480, 480)]
    [InlineData(LocalEvidence.NoFinalNotify, 183, 480, 480)]
    [InlineData(LocalEvidence.TargetGone, null, 480, 480)]
    [InlineData(LocalEvidence.TooManyHandoffs, null, 403, 403)]
    [InlineData(LocalEvidence.CallEnded, null, 487, 487)]
    public void What_happened_here_is_told_the_caller_and_who_referred(LocalEvidence what, int? said, int caller, int referrer)
    {
        var evidence = SipEvidence.Local(what, "detail", said);
        var outcome = TransferOutcomes.Derive(HandoffMethod.Invite, evidence);
        Assert.Equal((caller, referrer), (CallerStatus.Of(outcome, evidence), CallerStatus.OfReferred(outcome, evidence)));
    }

    [Theory]
    [InlineData("response", 503)]
    [InlineData("response", 302)]
    [InlineData("notify", 486)]
    public void Who_referred_hears_the_very_status_of_the_new_target(string source, int status) =>
        Assert.Equal(status, CallerStatus.OfReferred(TransferOutcome.Error, new SipEvidence { Source = source, Status = status }));

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
