using System.Net;
using EventCalls.Sip.Transport;
using EventCalls.Testing.Logging;
using EventCalls.Testing.Sip;

namespace EventCalls.Sip.Tests.Transport;

public sealed class RefusalLogTests
{
    private readonly VirtualNetwork _clock = new();
    private readonly RecordingLogger _logger = new();
    private readonly RefusalLog _log;

    public RefusalLogTests() => _log = new RefusalLog(_logger, new VirtualTime(_clock));

    [Fact]
    public void A_source_gets_one_line_a_minute_which_counts_the_others()
    {
        var source = IPAddress.Parse("192.0.2.7");
        for (int i = 0; i < 16_700; i++)
            _log.Refused(source, "BYE over udp", "no trunk calls from there");
        Assert.Equal(["BYE over udp from 192.0.2.7 is refused: no trunk calls from there"], _logger.Warnings);
        _clock.Run(60_000);
        _log.Refused(source, "BYE over udp", "no trunk calls from there");
        Assert.Equal("BYE over udp from 192.0.2.7 is refused: no trunk calls from there (16699 more since the last such line)", _logger.Warnings[^1]);
    }

    [Fact]
    public void A_flood_of_forged_sources_fills_neither_log_nor_memory()
    {
        for (int minute = 0; minute < 3; minute++)
        {
            for (uint i = 0; i < 20_000; i++)
                _log.Refused(new IPAddress(i + (uint)minute * 20_000), "INVITE over udp", "x");
            _clock.Run(60_000);
        }
        Assert.Equal(3 * 65, _logger.Warnings.Count);
    }
}
