using System.Globalization;
using EventCalls.Contracts;
using EventCalls.Simulation.Forks;
using EventCalls.Simulation.Peers;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Sipp;

/// <summary>Writes what one outbound endpoint did with the attempts of a recorded call as a SIPp scenario; the n-th INVITE it gets is treated as the n-th was.</summary>
internal sealed class TargetScenario
{
    private const string OwnTo = "To:[$own_side];tag=[pid]t[call_number]";
    private const string Contact = "Contact: <sip:target@[local_ip]:[local_port];transport=[transport]>";

    private readonly SippScenario _scenario;
    private readonly Recording _recording;
    private readonly int _graceMs;

    private TargetScenario(SippEndpoint endpoint, Recording recording, int graceMs)
    {
        _recording = recording;
        _graceMs = graceMs;
        _scenario = new SippScenario($"target-{endpoint.FileName}", $"The endpoint {SippText.Of(endpoint.Name)} in the recorded call {recording.Started.CallId:D}.");
    }

    /// <summary>The scenario.</summary>
    /// <param name="endpoint">The endpoint, and the attempts that reached it.</param>
    /// <param name="recording">The recorded call.</param>
    /// <param name="graceMs">How long after a BYE a report was waited for.</param>
    public static string Of(SippEndpoint endpoint, Recording recording, int graceMs)
    {
        var target = new TargetScenario(endpoint, recording, graceMs);
        target.Write(endpoint.Attempts);
        return target._scenario.ToString();
    }

    private void Write(IReadOnlyList<RecordedAttempt> attempts)
    {
        List<string> actions =
        [
            "<ereg regexp=\".*\" search_in=\"hdr\" header=\"Via:\" assign_to=\"via\"/>",
            "<ereg regexp=\".*\" search_in=\"hdr\" header=\"From:\" assign_to=\"caller_side\"/>",
            "<ereg regexp=\".*\" search_in=\"hdr\" header=\"To:\" assign_to=\"own_side\"/>",
            "<ereg regexp=\".*\" search_in=\"hdr\" header=\"CSeq:\" assign_to=\"invite_cseq\"/>",
        ];
        if (attempts.Count > 1)
        {
            actions.Add("<assignstr assign_to=\"text\" value=\"[call_number]\"/>");
            actions.Add("<todouble assign_to=\"number\" variable=\"text\"/>");
            for (int i = 2; i <= attempts.Count; i++)
                actions.Add(string.Create(CultureInfo.InvariantCulture, $"<test assign_to=\"is_{i}\" variable=\"number\" compare=\"equal\" value=\"{i}\"/>"));
        }
        _scenario.Receive("INVITE", actions, keepsRoute: true);
        for (int i = 2; i <= attempts.Count; i++)
            _scenario.Line($"<nop next=\"attempt_{i}\" test=\"is_{i}\"/>");
        for (int i = 1; i <= attempts.Count; i++)
        {
            if (i > 1)
                _scenario.Line($"<label id=\"attempt_{i}\"/>");
            Write(attempts[i - 1]);
            if (i < attempts.Count)
                _scenario.Line("<nop next=\"over\"/>");
        }
        if (attempts.Count > 1)
        {
            _scenario.Line("<label id=\"over\"/>");
            _scenario.Line("<nop/>");
        }
        _scenario.Line("<Reference variables=\"caller_side,invite_cseq,own_side,via\"/>");
    }

    private void Write(RecordedAttempt attempt)
    {
        var plan = PeerPlans.Recorded(attempt, _graceMs);
        if (plan.IsDeaf)
        {
            // Longer than a request is waited for (Timer B, 32 s).
            _scenario.Pause(33_000);
            return;
        }
        Respond(100, null, [], isFinal: false);
        long now = 0;
        int last = 0;
        foreach (var step in plan.Steps)
        {
            _scenario.Pause(step.AtMs - now);
            now = Math.Max(now, step.AtMs);
            if (step.Act == PeerAct.HangUp)
            {
                Bye();
                return;
            }
            last = step.Status ?? 180;
            Respond(last, step.Phrase, step.Headers, isFinal: last >= 200);
            if (last >= 200)
                _scenario.Receive("ACK");
        }
        if (last < 200)
            AwaitCancel();
        else if (last < 300)
            End(attempt);
    }

    private void End(RecordedAttempt attempt)
    {
        if (attempt.HeldMs is { } held && _recording.Ended is { EndedBy: CallParty.Target })
        {
            _scenario.Pause(held);
            Bye();
            return;
        }
        _scenario.Receive("BYE");
        _scenario.Send(["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", Contact]);
    }

    private void AwaitCancel()
    {
        _scenario.Receive("CANCEL");
        _scenario.Send(["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]"]);
        Respond(487, null, [], isFinal: true);
        _scenario.Receive("ACK");
    }

    private void Respond(int status, string? phrase, IReadOnlyList<HeaderLine> more, bool isFinal) => _scenario.Send(
        [
            string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {status} {SippText.Of(phrase ?? ReasonPhrases.Of(status))}"),
            "Via:[$via]", "From:[$caller_side]", status == 100 ? "To:[$own_side]" : OwnTo, "Call-ID: [call_id]", "CSeq:[$invite_cseq]",
            .. status == 100 ? (string[])[] : [Contact],
            .. more.Select(h => $"{h.Name}: {SippText.Of(h.Value)}"),
            .. status == 200 ? (string[])["Content-Type: application/sdp"] : [],
        ],
        status == 200 ? SippSession.Lines : null,
        isRepeated: isFinal);

    private void Bye()
    {
        _scenario.Send(
            ["BYE [next_url] SIP/2.0", "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport", "From:[$own_side];tag=[pid]t[call_number]", "To:[$caller_side]", "[routes]", "Call-ID: [call_id]", "CSeq: [cseq] BYE", Contact, "Max-Forwards: 70"],
            isRepeated: true);
        _scenario.Receive(200);
    }
}
