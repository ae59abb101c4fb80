using System.Text;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Dialogs;
using EventCalls.Sip.Extensions.DigestServer;
using EventCalls.Sip.Extensions.Refer;
using EventCalls.Sip.Extensions.Replaces;
using EventCalls.Sip.Facts;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Sdp;

namespace EventCalls.Testing.Fuzzing;

/// <summary>Reads mutated input by everything that reads input: messages and what stands in them, streams. What throws is a fault.</summary>
public sealed class ReadingFuzz
{
    private const string Sdp = "v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\nm=video 0 RTP/AVP 99\r\na=crypto:1 AES inline:abc|2^20\r\n";

    private static readonly byte[][] s_good =
    [
        Message("INVITE sip:+15557654321@10.0.0.1:5060;user=phone SIP/2.0", $"Via: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-1, SIP/2.0/TCP [::1]:5060;branch=z9hG4bK2\r\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\r\nContact: <sip:a@1.2.3.4;transport=udp>;expires=1\r\nSupported: timer, 100rel\r\nSession-Expires: 90;refresher=uac\r\nP-Asserted-Identity: \"A\" <sip:a@b>, <tel:+1555>\r\nReplaces: x;to-tag=1;from-tag=2\r\nUser-to-User: 00ff;encoding=hex\r\nAuthorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"0\", qop=auth-int, nc=00000001, cnonce=\"c\"\r\nExpires: 60\r\nContent-Type: application/sdp", Sdp),
        Message("SIP/2.0 401 Unauthorized", "Via: SIP/2.0/UDP h;branch=z9hG4bK1;received=1.2.3.4\r\nWWW-Authenticate: Digest realm=\"r, s\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=SHA-256, stale=true, opaque=\"o\"\r\nWarning: 399 h \"a, b\"\r\nRetry-After: 5;duration=1", ""),
        Message("REFER sip:[2001:db8::1]:5070 SIP/2.0", "Via: SIP / 2.0 / TCP host : 4000 ; branch = z9hG4bK9\r\nRefer-To: \"B\" <sip:b@c;method=INVITE?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2&User-to-User=00&X-A=%41>\r\nReferred-By: <sip:a@b>\r\nRefer-Sub: false", ""),
        Message("NOTIFY sip:a@b SIP/2.0", "Via: SIP/2.0/TCP host:4000;branch=z9hG4bK9\r\nEvent: refer;id=1\r\nSubscription-State: terminated;reason=noresource\r\nContent-Type: message/sipfrag", "SIP/2.0 302 Moved\r\nContact: <sip:x@y>\r\nReason: Q.850;cause=16\r\n"),
        Message("INFO sip:a@b SIP/2.0", "Via: SIP/2.0/TCP host:4000;branch=z9hG4bK9\r\nContent-Type: multipart/mixed;boundary=\"x\"", $"--x\r\nContent-Type: application/sdp\r\n\r\n{Sdp}\r\n--x\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=1\r\nDuration=100\r\n--x--\r\n"),
    ];

    private readonly Mutator _mutator;
    private readonly SipMessage _message = new();
    private readonly DigestGuard _guard;
    private int _case;

    /// <param name="seed">The same seed makes the same cases.</param>
    public ReadingFuzz(int seed)
    {
        _mutator = new Mutator(seed);
        _guard = new DigestGuard("r", [DigestUser.Of("alice", "r", "secret")!], ["MD5", "SHA-256"], Encoding.ASCII.GetBytes("of this run"));
    }

    /// <summary>How many messages were good enough to be read in full.</summary>
    public int Understood { get; private set; }

    /// <summary>One more case.</summary>
    /// <exception cref="InvalidOperationException">A fault; the input stands in the message, in base 64.</exception>
    public void Next()
    {
        var bytes = _mutator.Mutate(s_good[_case++ % s_good.Length]);
        try
        {
            if (SipParser.Parse(bytes, _message) == SipParseError.None)
            {
                Understood++;
                Visit(_message);
            }
            Visit(bytes);
            Stream(bytes);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Case {_case} cannot be read: {Convert.ToBase64String(bytes)}", e);
        }
    }

    private static byte[] Message(string line, string headers, string body) =>
        Encoding.UTF8.GetBytes($"{line}\r\n{headers}\r\nMax-Forwards: 70\r\nFrom: \"A \\\"B\\\" C\" <sip:+15551234567@x.net>;tag=abc\r\nTo: <sip:b@example.com>\r\nCall-ID: 1@h\r\nCSeq: 1 {(line.StartsWith("SIP", StringComparison.Ordinal) ? "INVITE" : line.Split(' ')[0])}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    private void Visit(SipMessage message)
    {
        for (int i = 0; i < Math.Min(message.HeaderCount, 60); i++)
        {
            foreach (var value in message.Values(message[i].Id))
            {
                if (NameAddr.TryParse(value, out var address))
                    _ = SipUri.TryParse(address.Uri, out _);
                _ = ViaField.TryParse(value, out _);
                _ = ReplacesHeader.Parse(SipText.Unfold(value));
            }
        }
        ReceivedHeaders.Copy(message, static (name, value) => name + value, "X-A"u8.ToArray());
        ReceivedHeaders.SessionDescription(message);
        if (message.IsRequest)
        {
            _ = Numbers.Caller(message) + Numbers.Callee(message);
            ReceivedRefer.Of(message, out _, out _)?.WithoutSecrets("X-A"u8.ToArray());
            ReplacesHeader.TryRead(message, out _);
            _guard.Check(message, 1);
            Dialog.WhyUnusable(message);
        }
        else
        {
            Digest.TryAnswer(message, "INVITE", "sip:a", new Credentials("u", "p"), 1, "c", message.Body, out _, out _);
        }
        foreach (var id in (HeaderId[])[HeaderId.Reason, HeaderId.RetryAfter, HeaderId.Warning, HeaderId.Contact])
            SipFragment.Of(message).Field(id);
    }

    private static void Visit(byte[] bytes)
    {
        int at = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var body = at < 0 ? bytes : bytes.AsSpan(at + 4);
        SdpView.TryParse(body, out _);
        SdpAnswer.TryInactive(body, "192.0.2.1", 1, 1, out _);
        SdpMatch.WhyNot(Encoding.ASCII.GetBytes(Sdp), body);
        SdpMatch.WhyNot(body, Encoding.ASCII.GetBytes(Sdp));
        _ = new SipFragment(body).Field(HeaderId.Contact);
    }

    /// <summary>The same bytes on a stream, in pieces: as many messages come out as bytes could make, and then it waits or has failed.</summary>
    private void Stream(byte[] bytes)
    {
        var framer = new StreamFramer();
        int read = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, 1 + _mutator.Random.Next(700));
            framer.Append(bytes.AsSpan(at, length));
            at += length;
            while (framer.TryRead(out var message))
            {
                if (message.IsEmpty || ++read > bytes.Length)
                    throw new InvalidOperationException("The stream yields messages without end.");
            }
            if (framer.Failure != StreamError.None)
                return;
        }
    }
}
