namespace EventCalls.Contracts.Tests;

public sealed class SipEvidenceTests
{
    [Theory]
    [InlineData("SIP/2.0 488 Not Acceptable Here", true)]
    [InlineData("RequestTimeout", false)]
    [InlineData("in its answer there is none", false)]
    [InlineData("not SIP/2.0 488", false)]
    [InlineData(null, false)]
    public void What_came_of_a_response_is_told_by_the_status_line_behind_it(string? detail, bool isOfResponse)
    {
        var evidence = SipEvidence.Local(LocalEvidence.CallerRefusedMedia, detail);

        Assert.Equal((LocalEvidence.CallerRefusedMedia, isOfResponse), (evidence.Here(), evidence.HasStatusLine()));
    }

    [Fact]
    public void What_a_peer_said_itself_has_no_status_line_behind_what_happened_here() =>
        Assert.False(new SipEvidence { Source = "response", Status = 488, ReasonPhrase = "caller_refused_media: SIP/2.0 488" }.HasStatusLine());
}
