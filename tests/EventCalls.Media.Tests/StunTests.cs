using System.Text;
using EventCalls.Media.Ice;

namespace EventCalls.Media.Tests;

public class StunTests
{
    private static readonly byte[] s_transaction = Convert.FromHexString("b7e7a701bc34d686fa87dfae");
    private static readonly byte[] s_password = Encoding.ASCII.GetBytes("VOkJxbRl1RmTxUk/WvJxBt");

    private static readonly byte[] s_request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
        + "000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    [Fact]
    [Trait("RFC", "5769 §2.1")]
    public void The_sample_request_is_read_and_vouched_for()
    {
        Assert.True(StunRequest.TryParse(s_request, out var request));
        Assert.Equal("evtj:h6vY", Encoding.ASCII.GetString(request.UserName));
        Assert.Equal(s_transaction, request.Transaction.ToArray());
        Assert.Equal(0x6e0001ffu, request.Priority);
        Assert.False(request.IsNominated);
        Assert.True(request.IsOf(s_password));
        Assert.False(request.IsOf("another"u8));
    }

    [Fact]
    [Trait("RFC", "5769 §2.2")]
    public void The_answer_says_where_the_request_came_from()
    {
        var answer = new byte[StunAnswer.MostBytes];
        int length = StunAnswer.Write(answer, s_transaction, [192, 0, 2, 1], 32853, s_password);
        Assert.Equal("0101002c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643", Convert.ToHexStringLower(answer[..32]));
        Assert.Equal(64, length);
    }

    [Fact]
    [Trait("RFC", "8489 §14.5")]
    public void A_byte_that_was_changed_is_found()
    {
        for (int i = 0; i < s_request.Length - 8; i++)
        {
            byte[] changed = [.. s_request];
            changed[i] ^= 0x10;
            Assert.False(StunRequest.TryParse(changed, out var request) && request.IsOf(s_password), $"Byte {i} does not count.");
        }
    }

    [Fact]
    [Trait("RFC", "8445 §7.3")]
    public void Only_the_peers_checks_are_answered()
    {
        var ice = new IceLite("h6vY");
        var answer = new byte[StunAnswer.MostBytes];
        Assert.Equal(0, ice.Answer(s_request, [127, 0, 0, 1], 4000, answer, out bool isChosen));
        Assert.False(isChosen);
        for (int length = 0; length < s_request.Length; length++)
            Assert.Equal(0, ice.Answer(s_request.AsSpan(0, length), [127, 0, 0, 1], 4000, answer, out _));
    }
}
