using System.Globalization;

namespace EventCalls.Interop.Tests.Fixtures;

/// <summary>A softphone in a page that really speaks and listens, by WebRTC: it plays a tone, posts which one it hears from the other side, and hangs up.</summary>
internal static class PageCaller
{
    private const string Lines = """
        const post = text => fetch("/log", { method: "POST", body: text });
        const header = (text, name) => new RegExp("^" + name + ": (.*)$", "mi").exec(text)[1].trim();
        const request = (method, number, to, uri) => [`${method} ${uri} SIP/2.0`, "Via: SIP/2.0/WS page.invalid;branch=z9hG4bK" + method, "Max-Forwards: 70",
            "From: <sip:page@page.invalid>;tag=p", "To: " + to, "Call-ID: CALLID", `CSeq: ${number} ${method}`, "Contact: <sip:page@page.invalid;transport=ws>"];
        const sound = new AudioContext();
        const tone = sound.createOscillator();
        tone.frequency.value = HERTZ;
        const voice = sound.createMediaStreamDestination();
        tone.connect(voice);
        tone.start();
        const call = new RTCPeerConnection();
        voice.stream.getTracks().forEach(track => call.addTrack(track, voice.stream));
        call.getTransceivers()[0].setCodecPreferences(RTCRtpReceiver.getCapabilities("audio").codecs.filter(c => c.mimeType === "audio/PCMU"));
        const listen = stream => {
            const player = new Audio();
            player.muted = true;
            player.srcObject = stream;
            player.play();
            const ear = sound.createAnalyser();
            ear.fftSize = 2048;
            sound.createMediaStreamSource(stream).connect(ear);
            const heard = new Float32Array(ear.frequencyBinCount);
            return () => {
                ear.getFloatFrequencyData(heard);
                const loudest = heard.indexOf(Math.max(...heard));
                return heard[loudest] < -60 ? 0 : loudest * sound.sampleRate / ear.fftSize;
            };
        };
        let frequency = () => 0;
        call.ontrack = event => { frequency = listen(event.streams[0] ?? new MediaStream([event.track])); };
        const gathered = new Promise(done => { call.onicegatheringstatechange = () => call.iceGatheringState === "complete" && done(); });
        (async () => {
            await call.setLocalDescription(await call.createOffer());
            await gathered;
            const sdp = call.localDescription.sdp;
            const socket = new WebSocket("ws://127.0.0.1:PORT/", "sip");
            socket.onopen = () => socket.send(request("INVITE", 1, "<sip:FLOW@127.0.0.1>", "sip:FLOW@127.0.0.1").concat("Content-Type: application/sdp", "Content-Length: " + sdp.length, "", sdp).join("\r\n"));
            socket.onmessage = async event => {
                const text = event.data;
                const status = text.split("\r\n")[0];
                if (/^SIP\/2.0 [3-6]/.test(status))
                    post(status);
                if (!status.startsWith("SIP/2.0 200") || !header(text, "CSeq").endsWith("INVITE"))
                    return;
                const uri = /<([^>]+)>/.exec(header(text, "Contact"))[1];
                const say = (method, number) => socket.send(request(method, number, header(text, "To"), uri).concat("Content-Length: 0", "", "").join("\r\n"));
                say("ACK", 1);
                try {
                    await call.setRemoteDescription({ type: "answer", sdp: text.slice(text.indexOf("\r\n\r\n") + 4) });
                } catch (error) {
                    post("the answer was not taken: " + error + "\n" + text);
                }
                let steady = 0;
                const look = setInterval(() => {
                    steady = Math.abs(frequency() - OTHER) < 60 ? steady + 1 : 0;
                    if (steady < 10)
                        return;
                    clearInterval(look);
                    // The other side is to hear as much.
                    setTimeout(() => say("BYE", 2), 2000);
                    post("heard " + OTHER);
                }, 100);
                setTimeout(() => post(`heard ${frequency()} Hz at last, ${call.connectionState}, ${call.iceConnectionState}`), 20000);
            };
        })().catch(error => post("error: " + error));
        """;

    /// <summary>What Chromium must be told to reach this machine by itself, and to play without anybody having clicked.</summary>
    public static string[] Flags { get; } = ["--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required", "--disable-audio-output", "--disable-features=WebRtcHideLocalIpsWithMdns"];

    /// <summary>The script of a phone that calls once.</summary>
    /// <param name="port">Where it connects to.</param>
    /// <param name="flow">Whom it calls.</param>
    /// <param name="callId">The Call-ID.</param>
    /// <param name="hertz">The tone that it plays.</param>
    /// <param name="other">The tone that it waits for.</param>
    public static string Script(int port, string flow, string callId, int hertz, int other) => Lines
        .Replace("PORT", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("FLOW", flow, StringComparison.Ordinal)
        .Replace("CALLID", callId, StringComparison.Ordinal)
        .Replace("HERTZ", hertz.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("OTHER", other.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
