using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EventCalls.Sip.Authentication;
using EventCalls.Sip.Messages;
using EventCalls.Sip.Parsing;
using EventCalls.Sip.Sdp;

namespace EventCalls.Sip.Tests.Parsing;

public sealed class MutationTests
{
    private const int Margin = 64;

    private static readonly byte[][] Seeds =
    [
        Torture.Bytes("INVITE sip:+15557654321@10.0.0.1:5060;user=phone SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.7:5062;rport;branch=z9hG4bK-1, SIP/2.0/TCP [::1]:5060;branch=z9hG4bK2\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\nMax-Forwards: 70\nFrom: \"A \\\"B\\\" C\" <sip:+15551234567@x.net>;tag=abc\nTo: <sip:b@example.com>\nCall-ID: 1@h\nCSeq: 1 INVITE\nContact: <sip:a@1.2.3.4;transport=udp>;expires=1\nSupported: timer, 100rel\nX-Folded: one\n two\nContent-Type: application/sdp\nContent-Length: 150\n\n{sdp:192.0.2.1}"),
        Torture.Bytes("SIP/2.0 401 Unauthorized\nv: SIP/2.0/UDP h;branch=z9hG4bK1;received=1.2.3.4\nf: sip:a@b;tag=1\nt: sip:c@d;tag=2\ni: x\nCSeq: 7 REFER\nWWW-Authenticate: Digest realm=\"r, s\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=SHA-256\nWarning: 399 h \"a, b\"\nl: 0\n\n"),
        Torture.Bytes("NOTIFY sip:[2001:db8::1]:5070 SIP/2.0\nVia: SIP / 2.0 / TCP host : 4000 ; branch = z9hG4bK9\nFrom: a<sip:a@b>;tag=1\nTo: tel:+1-201-555-0123;tag=2\nCall-ID: 2\nCSeq: 2 NOTIFY\nEvent: refer;id=1\nSubscription-State: terminated;reason=noresource\nContent-Type: message/sipfrag\nContent-Length: 16\n\nSIP/2.0 200 OK\n"),
    ];

    [Fact]
    public void A_hundred_thousand_mutated_messages_are_read_without_a_throw_and_within_their_bytes()
    {
        var random = new Random(20260101);
        var buffer = new byte[Margin * 2 + 70_000];
        var message = new SipMessage();
        var accepted = 0;
        var errors = new HashSet<SipParseError>();
        for (var i = 0; i < 100_000; i++)
        {
            var length = Mutate(random, Seeds[i % Seeds.Length], buffer.AsSpan(Margin));
            var bytes = buffer.AsMemory(Margin, length);
            var error = SipParser.Parse(bytes, message);
            errors.Add(error);
            if (error == SipParseError.None)
                accepted++;
            Visit(message, bytes.Span);
        }
        // Mutations that all fail early would show little.
        Assert.InRange(accepted, 10_000, 90_000);
        Assert.True(errors.Count >= 15, $"only {errors.Count} kinds of error were met");
    }

    [Fact]
    public void Parsing_allocates_nothing_once_warm_whatever_comes()
    {
        var random = new Random(4475);
        var buffer = new byte[70_000];
        var message = new SipMessage();
        for (var i = 0; i < 2_000; i++)
            SipParser.Parse(buffer.AsMemory(0, Mutate(random, Seeds[i % Seeds.Length], buffer)), message);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
            SipParser.Parse(buffer.AsMemory(0, Mutate(random, Seeds[i % Seeds.Length], buffer)), message);

        // The 256 header fields a message may have are reserved step by step, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void Random_bytes_on_a_stream_end_in_messages_or_a_failure_and_never_in_a_throw()
    {
        var random = new Random(5626);
        var buffer = new byte[70_000];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = buffer.AsSpan(0, Mutate(random, Seeds[i % Seeds.Length], buffer));
            var framer = new StreamFramer();
            var cut = random.Next(bytes.Length + 1);
            framer.Append(bytes[..cut]);
            while (framer.TryRead(out _))
            {
            }
            framer.Append(bytes[cut..]);
            while (framer.TryRead(out var read))
                Assert.InRange(read.Length, 1, SipParser.MostBytes);
        }
    }

    /// <summary>Writes a damaged copy: flipped bits, cuts, repeated parts, odd bytes, huge and negative numbers.</summary>
    private static int Mutate(Random random, byte[] seed, Span<byte> target)
    {
        seed.CopyTo(target);
        var length = seed.Length;
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var at = random.Next(length);
            switch (random.Next(8))
            {
                case 0:
                    target[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    target[at] = (byte)random.Next(256);
                    break;
                case 2:
                    length = Math.Max(1, random.Next(4) == 0 ? at : length);
                    break;
                case 3:
                    target[at] = "\0\r\n\t \"<>;,:=\\@[]/"u8[random.Next(17)];
                    break;
                case 4:
                    length = Insert(target, length, at, random.Next(2) == 0 ? "99999999999999999999"u8 : "-1"u8);
                    break;
                case 5:
                    var from = Math.Min(at, seed.Length);
                    length = Insert(target, length, at, seed.AsSpan(from, Math.Min(random.Next(200), seed.Length - from)));
                    break;
                case 6:
                    var cut = Math.Min(random.Next(1, 40), length - at);
                    target[(at + cut)..length].CopyTo(target[at..]);
                    length = Math.Max(1, length - cut);
                    break;
                default:
                    if (random.Next(2_000) == 0)
                    {
                        while (length < 66_000)
                            length = Insert(target, length, Math.Min(at, length), "\r\nX: y"u8);
                    }
                    break;
            }
        }
        return length;
    }

    private static int Insert(Span<byte> target, int length, int at, ReadOnlySpan<byte> inserted)
    {
        target[at..length].CopyTo(target[(at + inserted.Length)..]);
        inserted.CopyTo(target[at..]);
        return length + inserted.Length;
    }

    /// <summary>Reads everything there is to read, and holds every part against the bytes it was read from.</summary>
    private static void Visit(SipMessage message, ReadOnlySpan<byte> bytes)
    {
        Within(message.Raw, bytes);
        Within(message.StartLine, bytes);
        Within(message.MethodName, bytes);
        Within(message.RequestUri, bytes);
        Within(message.ReasonPhrase, bytes);
        Within(message.FromTag, bytes);
        Within(message.ToTag, bytes);
        Within(message.TopVia, bytes);
        Within(message.ViaBranch, bytes);
        Within(message.ViaSentBy, bytes);
        Within(message.CSeqMethodName, bytes);
        Within(message.Body, bytes);
        Assert.True(message.HeaderCount <= SipParser.MostHeaders);
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message[i];
            Within(field.Name, bytes);
            Within(field.Value, bytes);
            if (i > 40)
                continue;
            foreach (var value in message.Values(field.Id))
                VisitValue(value, bytes);
        }
        Digest.TryAnswer(message, "INVITE", "sip:a", new Credentials("u", "p"), 1, "c", default, out _, out _);
        if (SdpView.TryParse(message.Body, out var view))
            Within(view.ConnectionAddress, bytes);
        SdpAnswer.TryInactive(message.Body, "192.0.2.1", 1, 1, out _);
    }

    private static void VisitValue(ReadOnlySpan<byte> value, ReadOnlySpan<byte> bytes)
    {
        Within(value, bytes);
        if (NameAddr.TryParse(value, out var address))
        {
            Within(address.DisplayName, bytes);
            Within(address.Uri, bytes);
            Within(address.Tag, bytes);
            if (SipUri.TryParse(address.Uri, out var uri))
            {
                Within(uri.User, bytes);
                Within(uri.Host, bytes);
                Within(uri.Headers, bytes);
                uri.TryGetParameter("lr"u8, out var lr);
                Within(lr, bytes);
            }
        }
        if (ViaField.TryParse(value, out var via))
        {
            Within(via.Host, bytes);
            Within(via.Branch, bytes);
            Within(via.SentBy, bytes);
        }
    }

    private static void Within(ReadOnlySpan<byte> part, ReadOnlySpan<byte> whole)
    {
        if (part.IsEmpty)
            return;
        var offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(whole), ref MemoryMarshal.GetReference(part));
        Assert.True(offset >= 0 && offset + part.Length <= whole.Length, "a part lies outside of the message");
    }
}
