using System.Text;

namespace EventCalls.Testing.Fuzzing;

/// <summary>Requests within a dialog as its peer would send them, with the right tags, most of them with something wrong besides.</summary>
public sealed class InDialogFuzz(Mutator mutator)
{
    /// <summary>A session description.</summary>
    public const string Session = "v=0\r\no=fuzz 1 9 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 4004 RTP/AVP 0 8\r\na=sendrecv\r\n";

    private static readonly string[] s_methods = ["INVITE", "UPDATE", "INFO", "REFER", "NOTIFY", "PRACK", "OPTIONS", "MESSAGE", "BYE", "ACK", "CANCEL", "SUBSCRIBE"];
    private int _sent;

    /// <summary>The next request.</summary>
    /// <param name="dialog">The dialog, as its peer has it.</param>
    /// <param name="referTo">Whom a REFER names.</param>
    public string Next(FuzzedDialog dialog, string referTo)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        string method = s_methods[mutator.Random.Next(s_methods.Length)];
        var (type, body) = method switch
        {
            "INVITE" or "UPDATE" or "ACK" => ("application/sdp", Session),
            "INFO" => ("application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"),
            "NOTIFY" => ("message/sipfrag", "SIP/2.0 200 OK\r\n"),
            _ => ("text/plain", "hello"),
        };
        string more = method switch
        {
            "REFER" => $"Refer-To: <{referTo}?X-A=1&Replaces=a%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\n",
            "NOTIFY" => "Event: refer\r\nSubscription-State: active;expires=60\r\n",
            "PRACK" => "RAck: 1 1 INVITE\r\n",
            "INVITE" or "UPDATE" => "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n",
            _ => "",
        };
        _sent++;
        return dialog.Request(method, 2 + _sent, $"{more}Content-Type: {type}\r\n", body);
    }

    /// <summary>The text as it goes out: one in five as it is, the others mutated.</summary>
    public byte[] Spoiled(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return mutator.Random.Next(5) == 0 ? bytes : mutator.Mutate(bytes);
    }
}

/// <summary>A dialog as its peer has it.</summary>
/// <param name="CallId">The Call-ID.</param>
/// <param name="LocalTag">The peer's tag.</param>
/// <param name="RemoteTag">Our tag.</param>
/// <param name="From">The peer's address and port.</param>
/// <param name="To">Where requests go to.</param>
/// <param name="Transport">Its transport as Via names it.</param>
public sealed record FuzzedDialog(string CallId, string LocalTag, string? RemoteTag, string From, string To, string Transport = "UDP")
{
    private static int s_branches;

    /// <summary>A request within it, as its peer sends it; without a tag of ours the one that begins it.</summary>
    public string Request(string method, int cseq, string headers = "", string body = "") =>
        $"{method} {To} SIP/2.0\r\nVia: SIP/2.0/{Transport} {From};branch=z9hG4bKfuzz{Interlocked.Increment(ref s_branches)}\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag={LocalTag}\r\n"
        + $"To: <sip:c@d>{(RemoteTag is null ? "" : $";tag={RemoteTag}")}\r\nCall-ID: {CallId}\r\nCSeq: {cseq} {method}\r\nContact: <sip:{From}{(Transport == "UDP" ? "" : $";transport={Transport.ToLowerInvariant()}")}>\r\n"
        + $"{headers}Content-Length: {body.Length}\r\n\r\n{body}";
}
