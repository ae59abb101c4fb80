using System.Net;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Transactions;
using EventCalls.Sip.Transport;
using EventCalls.Telephony.Trunks;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Trust;

/// <summary>Says what was refused and why: once a minute for people, with what to configure, and one line a refusal in a fixed shape for programs such as fail2ban. Safe from any thread.</summary>
/// <remarks>The fixed lines are read by <c>infra/fail2ban/filter.d/eventcalls.conf</c>: their shape is changed there too. Nothing that a peer may write stands in them.</remarks>
internal sealed class RefusalReport(RefusalLog log, ILogger logger, TimeProvider time)
{
    // So many lines a second at most, whatever a flood brings; fail2ban has long read enough by then.
    private const int MostLines = 100;

    private readonly Lock _lock = new();
    private long _second = long.MinValue;
    private int _lines;

    /// <summary>A message was refused.</summary>
    /// <param name="message">The message.</param>
    /// <param name="hop">Where it came from.</param>
    /// <param name="cause">Why.</param>
    /// <param name="why">The same in words, and what to configure if that is wrong.</param>
    public void Of(SipMessage message, Hop hop, RefusalCause cause, string why)
    {
        string what = NameOf(message);
        log.Refused(hop.Remote.Address, $"{what} over {hop.Protocol.Name()} from", why);
        if (logger.IsEnabled(LogLevel.Information) && TakeLine())
            logger.LogInformation("Refused source={Source} cause={Cause} request={Request} transport={Transport}", NetworkText.Plain(hop.Remote.Address), WordOf(cause), WordOf(message), hop.Protocol.Name());
    }

    /// <summary>Nothing of an address is read any more.</summary>
    public void Banned(IPAddress address, int seconds) =>
        logger.LogWarning("Refused source={Source} cause=banned seconds={Seconds}", NetworkText.Plain(address), seconds);

    private bool TakeLine()
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            if (second != _second)
                (_second, _lines) = (second, 0);
            return _lines++ < MostLines;
        }
    }

    private static string WordOf(RefusalCause cause) => cause switch
    {
        RefusalCause.Stranger => "stranger",
        RefusalCause.WrongPassword => "wrong-password",
        RefusalCause.WrongToken => "wrong-token",
        RefusalCause.Scanner => "scanner",
        _ => "overload",
    };

    // A method that we don't know is a word of the peer's own, which stands in no line.
    private static string WordOf(SipMessage message) =>
        !message.IsRequest ? "response" : message.Method == SipMethod.Other ? "OTHER" : SipText.Get(SipMethods.Name(message.Method));

    private static string NameOf(SipMessage message) =>
        !message.IsRequest ? "A response" : message.Method == SipMethod.Other ? "A request" : SipText.Get(SipMethods.Name(message.Method));
}

/// <summary>Why something was refused.</summary>
internal enum RefusalCause
{
    Stranger,
    WrongPassword,
    WrongToken,
    Scanner,
    Overload,
}
