namespace EventCalls.Contracts.Tests.Text;

/// <summary>What people read of media.</summary>
public class MediaWordsTests
{
    [Theory]
    [InlineData(4.41, "very good")]
    [InlineData(4.34, "very good")]
    [InlineData(4.335, "very good")]
    [InlineData(4.33, "good")]
    [InlineData(4.03, "good")]
    [InlineData(4.02, "fair")]
    [InlineData(3.59, "poor")]
    [InlineData(3.09, "bad")]
    [InlineData(1.0, "bad")]
    public void How_well_somebody_was_heard_is_said_in_a_word(double mos, string word) => Assert.Equal(word, HearingWords.Of(mos));

    [Fact]
    public void Media_recordings_and_digits_are_told_in_words()
    {
        Assert.Equal(
            ["the target could be heard: bad", "600 packets received, 80 lost, 598 sent", "about 2.9 of 4.5 (MOS), PCMA, jitter 1.4 ms", "2 datagrams of others ignored"],
            EventWords.Of(new MediaStatistics { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Leg = "target", Codec = "PCMA", Received = 600, Lost = 80, JitterMs = 1.4, Mos = 2.9, Sent = 598, Ignored = 2 }));
        Assert.Equal(
            ["nothing was heard of the caller", "0 packets received, 0 lost, 5 sent"],
            EventWords.Of(new MediaStatistics { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Leg = "caller", Received = 0, Lost = 0, Sent = 5 }));
        Assert.Equal(
            ["recording of 12.000 s stored", "/r.wav", "paused for 3.500 s of it", "4 packets are silence in it: the disk was too slow"],
            EventWords.Of(new RecordingStored { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Location = "/r.wav", DurationMs = 12_000, PausedMs = 3500, Dropped = 4 }));
        Assert.Equal(["the caller pressed 5, 120 ms"], EventWords.Of(new DtmfReceived { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Leg = "caller", Digit = "5", DurationMs = 120 }));
        Assert.Equal(["digit #"], EventWords.Of(new DtmfReceived { EventId = default, CallId = default, CausationId = default, OccurredAt = default, Digit = "#" }));
    }
}
