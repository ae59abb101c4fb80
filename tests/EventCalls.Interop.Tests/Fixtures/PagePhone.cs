using System.Globalization;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A softphone in a page, of the fewest lines: it calls, goes the way that Record-Route says, and answers what it is asked; its log is the start lines that it heard.</summary>
internal static class PagePhone
{
    private const string Lines = """
        const lines = [];
        const socket = new WebSocket("ws://127.0.0.1:PORT/", "sip");
        const post = () => fetch("/log", { method: "POST", body: lines.join("\n") });
        const headers = (text, name) => [...text.matchAll(new RegExp("^" + name + ": (.*)$", "gmi"))].map(m => m[1].trim());
        const header = (text, name) => headers(text, name)[0];
        const request = (method, number, to, uri, routes) => [`${method} ${uri} SIP/2.0`, "Via: SIP/2.0/WS page.invalid;branch=z9hG4bK" + method, ...routes.map(r => "Route: " + r), "Max-Forwards: 70",
            "From: <sip:page@page.invalid>;tag=p", "To: " + to, "Call-ID: CALLID", `CSeq: ${number} ${method}`, "Contact: <sip:page@page.invalid;transport=ws>"];
        const sdp = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 40000 RTP/AVP 0", ""].join("\r\n");
        socket.onopen = () => socket.send(request("INVITE", 1, "<sip:FLOW@127.0.0.1>", "sip:FLOW@127.0.0.1", []).concat("Content-Type: application/sdp", "Content-Length: " + sdp.length, "", sdp).join("\r\n"));
        socket.onmessage = event => {
            const text = event.data;
            lines.push(text.split("\r\n")[0]);
            if (text.startsWith("SIP/2.0 200") && header(text, "CSeq").endsWith("INVITE")) {
                const routes = headers(text, "Record-Route").join(", ").split(/,\s*(?=<)/).filter(r => r).reverse();
                const uri = /<([^>]+)>/.exec(header(text, "Contact"))[1];
                const say = (method, number) => socket.send(request(method, number, header(text, "To"), uri, routes).concat("Content-Length: 0", "", "").join("\r\n"));
                say("ACK", 1);
                if (HANGSUP) say("BYE", 2);
            } else if (text.startsWith("SIP/2.0 200")) {
                post();
            }
            if (text.startsWith("BYE ")) {
                socket.send(["SIP/2.0 200 OK", ...["Via", "From", "To", "Call-ID", "CSeq"].flatMap(h => headers(text, h).map(v => h + ": " + v)), "Content-Length: 0", "", ""].join("\r\n"));
                lines.push("X-Return-Reason: " + header(text, "X-Return-Reason"));
                post();
            }
        };
        socket.onerror = () => { lines.push("error"); post(); };
        """;

    /// <summary>The script of a phone that calls once.</summary>
    /// <param name="port">Where it connects to.</param>
    /// <param name="flow">Whom it calls.</param>
    /// <param name="callId">The Call-ID.</param>
    /// <param name="hangsUp">Whether it hangs up as soon as it is answered.</param>
    public static string Script(int port, string flow, string callId, bool hangsUp = false) => Lines
        .Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("FLOW", flow, StringComparison.Ordinal)
        .Replace("CALLID", callId, StringComparison.Ordinal)
        .Replace("HANGSUP", hangsUp ? "true" : "false", StringComparison.Ordinal);
}
