using EventCalls.Media.Rtp;

namespace EventCalls.Media.Tests.Rtp;

[Trait("RFC", "3611 §4.7.5")]
public class VoiceQualityTests
{
    // ITU-T G.107: R 93.2 is 4.41; with Ie 0 and Bpl 25.1, 1 % of loss takes 3.6 and 5 % takes 15.8 of it.
    [Theory]
    [InlineData(0, 93.2, 4.41)]
    [InlineData(0.01, 89.56, 4.33)]
    [InlineData(0.05, 77.42, 3.92)]
    [InlineData(0.2, 51.07, 2.63)]
    public void Loss_is_heard_as_the_E_model_says(double loss, double r, double mos)
    {
        var quality = VoiceQuality.Of(CodecImpairment.G711, loss, 1, null);
        Assert.Equal(r, quality.R, 2);
        Assert.Equal(mos, quality.MosListening, 2);
        Assert.Equal(quality.MosListening, quality.MosConversational);
    }

    // Idd of G.107 §7.4: 0 at 100 ms; those at 200 and 400 ms are worked out by its formula.
    [Theory]
    [InlineData(100, 0)]
    [InlineData(200, 3.04)]
    [InlineData(400, 24.07)]
    public void Delay_is_felt_in_conversation_alone(double delay, double less)
    {
        var quality = VoiceQuality.Of(CodecImpairment.G711, 0, 1, delay);
        Assert.Equal(93.2 - less, quality.R, 2);
        Assert.Equal(4.41, quality.MosListening, 2);
    }

    [Theory]
    [InlineData(-5, 1)]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(50, 2.575)]
    [InlineData(80, 4.024)]
    [InlineData(100, 4.5)]
    public void Opinions_are_those_of_annex_B(double r, double mos) => Assert.Equal(mos, VoiceQuality.Mos(r), 3);
}
