using EventCalls.Contracts;
using EventCalls.Simulation.Peers;
using EventCalls.Sip.Messages;

namespace EventCalls.Simulation.Forks;

/// <summary>Works out how the other side behaves: as the recorded evidence says, as injected, or by default.</summary>
internal static class PeerPlans
{
    private const int RingsAfterMs = 100;
    private const int AnswersAfterMs = 2_000;
    private const int AtOnceMs = 1;
    private const string Active = "active;expires=60";
    private const string Terminated = "terminated;reason=noresource";

    /// <summary>What nobody recorded: the target rings and answers; the caller's side takes a REFER over.</summary>
    public static PeerPlan Default(HandoffMethod method) => new()
    {
        Steps = method == HandoffMethod.Refer
            ? [Respond(AtOnceMs, 202), Notify(RingsAfterMs, 100, Active), Notify(AnswersAfterMs, 200, Terminated)]
            : [Respond(RingsAfterMs, 180), Respond(AnswersAfterMs, 200)],
    };

    /// <summary>What is injected.</summary>
    /// <param name="injection">What.</param>
    /// <param name="method">The attempt's method.</param>
    /// <param name="atMs">When, milliseconds after the attempt began.</param>
    /// <param name="isAccepted">Whether the attempt's REFER was accepted before.</param>
    public static PeerPlan Injected(Injection injection, HandoffMethod method, long atMs, bool isAccepted)
    {
        long at = atMs + AtOnceMs;
        bool isRefer = method == HandoffMethod.Refer;
        PeerStep[] accepted = isRefer && !isAccepted ? [Respond(at, 202)] : [];
        return injection.Kind switch
        {
            InjectionKind.Status when isRefer && isAccepted => new PeerPlan { Steps = [Notify(at, injection.Status, Terminated)] },
            InjectionKind.Status => new PeerPlan { Steps = [Respond(at, injection.Status)] },
            InjectionKind.Answer when isRefer => new PeerPlan { Steps = [.. accepted, Notify(at, 200, Terminated)] },
            InjectionKind.Answer => new PeerPlan { Steps = [Respond(at, 200)] },
            InjectionKind.Ring when isRefer => new PeerPlan { Steps = [.. accepted, Notify(at, 180, Active)] },
            InjectionKind.Ring => new PeerPlan { Steps = [Respond(at, 180)] },
            InjectionKind.NoNotify => new PeerPlan { Steps = accepted },
            // A REFER that nobody answers is told by its missing response; the caller's leg is not deaf for that.
            _ => new PeerPlan { IsDeaf = !isRefer },
        };
    }

    /// <summary>What was recorded.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="graceMs">How long after a BYE a report is waited for.</param>
    public static PeerPlan Recorded(RecordedAttempt attempt, long graceMs)
    {
        var steps = new List<PeerStep>();
        for (int i = 0; i < attempt.Progress.Count; i++)
        {
            var (at, e) = attempt.Progress[i];
            steps.Add(e.Source == "notify" ? Notify(at, e.Status, Active) : Provisional(at, e));
        }
        var plan = new PeerPlan { Steps = steps, Recorded = attempt };
        if (attempt.Evidence is not { } evidence || attempt.DecidedAtMs is not { } decided)
            return plan;
        if (attempt.Started.Method == HandoffMethod.Refer)
            AddReferEnd(steps, attempt, evidence, decided, graceMs);
        else
            AddInviteEnd(steps, attempt, evidence, decided);
        return plan with
        {
            IsDeaf = attempt.Started.Method == HandoffMethod.Invite && evidence.Here() is LocalEvidence.NoResponse or LocalEvidence.NotHeard,
            IsUnreachable = evidence.Here() is LocalEvidence.TransportError or LocalEvidence.HostNotFound,
            Media = MediaOf(attempt, evidence),
        };
    }

    private static MediaReply MediaOf(SipEvidence evidence) =>
        evidence.Here() != LocalEvidence.CallerRefusedMedia ? MediaReply.Take
        : evidence.HasStatusLine() ? MediaReply.Refuse
        : MediaReply.Ignore;

    /// <summary>What the caller did with the target's session, as the evidence says: a response is a refusal, anything else silence.</summary>
    /// <remarks>A caller who left when the target had answered, and before the two were connected, had not answered what he was offered.</remarks>
    public static MediaReply MediaOf(RecordedAttempt attempt, SipEvidence evidence) =>
        attempt is { IsCompleted: false, AnsweredAtMs: not null } && evidence.Here() is not (LocalEvidence.TargetGone or LocalEvidence.CallerRefusedMedia) ? MediaReply.Ignore : MediaOf(evidence);

    /// <summary>Whether the evidence says that the node itself refused to dial, so that nothing was sent.</summary>
    public static bool IsRefusedHere(SipEvidence evidence) => evidence.Here() is LocalEvidence.InvalidTarget or LocalEvidence.TargetNotAllowed;

    private static void AddInviteEnd(List<PeerStep> steps, RecordedAttempt attempt, SipEvidence evidence, long decided)
    {
        if (attempt.AnsweredAtMs is { } answered)
            steps.Add(Respond(answered, 200));
        else if (evidence.Source == "response")
            steps.Add(Respond(decided, evidence.Status ?? 480) with { Phrase = evidence.ReasonPhrase, Headers = HeadersOf(evidence) });
        if (evidence.Here() == LocalEvidence.TargetGone)
            steps.Add(new PeerStep(decided, PeerAct.HangUp));
    }

    private static void AddReferEnd(List<PeerStep> steps, RecordedAttempt attempt, SipEvidence evidence, long decided, long graceMs)
    {
        switch (evidence.Source)
        {
            case "response" when attempt.IsCompleted:
                // Its 2xx was recorded on the way; that nothing more follows it says itself (RFC 4488).
                int last = steps.FindLastIndex(s => s.Act == PeerAct.Respond);
                var silent = new HeaderLine("Refer-Sub", "false");
                if (last >= 0)
                    steps[last] = steps[last] with { Headers = [silent] };
                else
                    steps.Add(Respond(decided, 202) with { Headers = [silent] });
                break;
            case "response":
                steps.Add(Respond(decided, evidence.Status ?? 480) with { Phrase = evidence.ReasonPhrase, Headers = HeadersOf(evidence) });
                break;
            case "notify":
                var state = evidence.SubscriptionState?.StartsWith("terminated", StringComparison.Ordinal) == true || evidence.Status is null or < 200 ? evidence.SubscriptionState ?? Terminated : Terminated;
                steps.Add(Notify(decided, evidence.Status, state) with { Phrase = evidence.ReasonPhrase });
                break;
            case "request" when evidence.Here() == LocalEvidence.ByeBeforeFinalNotify:
                long heard = attempt.Progress.Count > 0 ? attempt.Progress[^1].AtMs : 0;
                steps.Add(new PeerStep(Math.Max(heard, decided - graceMs), PeerAct.HangUp) { Headers = HeadersOf(evidence) });
                break;
        }
    }

    private static PeerStep Provisional(long at, TransferProgressed e)
    {
        var step = Respond(at, e.Status ?? 183) with { Phrase = StatusLineText.PhraseOf(e.AsReceived) };
        // A REFER that was tried again had been asked to be (RFC 3261 §20.33).
        return e.Status is 500 or 503 ? step with { Headers = [new HeaderLine("Retry-After", "1")] } : step;
    }

    private static PeerStep Respond(long at, int status) => new(at, PeerAct.Respond) { Status = status };

    private static PeerStep Notify(long at, int? status, string state) => new(at, PeerAct.Notify) { Status = status, SubscriptionState = state };

    private static List<HeaderLine> HeadersOf(SipEvidence evidence)
    {
        var headers = new List<HeaderLine>();
        void Add(string name, string? value)
        {
            if (value is not null && SipText.IsSafeHeaderValue(value))
                headers.Add(new HeaderLine(name, value));
        }

        Add("Reason", evidence.Reason);
        Add("Retry-After", evidence.RetryAfter);
        Add("Warning", evidence.Warning);
        Add("Contact", evidence.Contact);
        return headers;
    }
}
