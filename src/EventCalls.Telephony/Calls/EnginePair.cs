using EventCalls.Media.Rtpengine;
using EventCalls.Media.Sessions;
using EventCalls.Sip.Messages;

namespace EventCalls.Telephony.Calls;

/// <summary>Two sides of a call whose media goes through an rtpengine. While it is asked, what comes for the call's legs waits, so that nothing overtakes a description.</summary>
internal sealed partial class EnginePair
{
    private const int MostPollMs = 15_000;
    private const int LeastPollMs = 500;

    private readonly Call _call;
    private readonly Guid[] _groups;
    private readonly RtpengineSession _engine;
    private readonly Poll _poll;
    private readonly (long Packets, long At)[] _heard = new (long, long)[2];
    private Task _asked = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>A pair; no engine is asked for anything yet.</summary>
    /// <param name="call">The call whose affair it is.</param>
    /// <param name="engine">Its session at an engine.</param>
    /// <param name="first">The engine's first side.</param>
    /// <param name="second">Its second one.</param>
    /// <param name="groups">The calls whose legs the two are.</param>
    public EnginePair(Call call, RtpengineSession engine, LegSession first, LegSession second, Guid[] groups)
    {
        (_call, _engine, First, Second, _groups) = (call, engine, first, second, groups);
        _poll = new Poll(this);
        first.Enter(this);
        second.Enter(this);
    }

    /// <summary>The one side.</summary>
    public LegSession First { get; }

    /// <summary>The other one.</summary>
    public LegSession Second { get; }

    /// <summary>Whether a session is one of the two.</summary>
    public bool Has(LegSession session) => session == First || session == Second;

    /// <summary>Has a description of the one side's written for the other.</summary>
    /// <param name="from">Whose description it is.</param>
    /// <param name="content">The description.</param>
    /// <param name="isOffer">Whether it is an offer; else it answers the other side's.</param>
    /// <param name="then">Called on the shard's thread with what is to be told, or why there is nothing, unless the call is over by then.</param>
    public void Write(LegSession from, Content content, bool isOffer, Action<Content?, string?> then)
    {
        foreach (var group in _groups)
            _call.Shard.Agent.Hold(group);
        _hairpin?.Rest();
        _ = TellAsync(AskAsync(from, content, isOffer), content, isOffer, then);
    }

    /// <summary>A change of one side's came to nothing: the engine is told what held before. Nobody waits for it.</summary>
    public void Restore(LegSession from)
    {
        var other = from == First ? Second : First;
        if (from.Described is not { } offer || other.Described is not { } answer || !SessionText.Is(offer) || !SessionText.Is(answer))
            return;
        _ = AskAsync(from, offer, isOffer: true);
        _ = AskAsync(other, answer, isOffer: false);
        _hairpin?.Lead();
    }

    /// <summary>Whether only the first side is somebody: the second one stands for nobody, so that the first can hear something.</summary>
    public bool IsOfOne { get; init; }

    /// <summary>Whom a session is paired with.</summary>
    public LegSession OtherOf(LegSession session) => session == First ? Second : First;

    /// <summary>Has something done on the shard's thread, unless the call is over by then; from any thread.</summary>
    public void Post(Action<Call> work) => _call.Shard.Post(new Work(_call, work));

    /// <summary>The two are connected: silence is a fault from now on.</summary>
    public void Watch()
    {
        if (_call.Shard.Options.Media.SilenceSeconds == 0)
            return;
        _heard[0] = _heard[1] = (0, _call.Shard.Agent.Now);
        _poll.Start(PollMs);
    }

    /// <summary>Ends it at the engine, whose figures <paramref name="counted"/> gets on the shard's thread, null where there are none; completes after that.</summary>
    public Task CloseAsync(Action<RtpengineFigures?> counted)
    {
        if (_isClosed)
            return _asked;
        _isClosed = true;
        _poll.Stop();
        EndCopies(true);
        EndSounds();
        EndHairpin();
        First.Leave(this);
        Second.Leave(this);
        return _asked = CountAsync(counted);
    }

    private long PollMs => Math.Clamp(_call.Shard.Options.Media.SilenceSeconds * 1000L / 4, LeastPollMs, MostPollMs);

    private Task<RtpengineAnswer> AskAsync(LegSession from, Content content, bool isOffer)
    {
        bool isOfFirst = from == First;
        var to = isOfFirst ? Second : First;
        var heard = to.Described is { } described && SessionText.Is(described) ? described.Body : default;
        return isOffer ? _engine.OfferAsync(isOfFirst, content.Body, heard, from.TakesInfo) : _engine.AnswerAsync(isOfFirst, content.Body, heard, from.TakesInfo);
    }

    private async Task TellAsync(Task<RtpengineAnswer> asked, Content content, bool isOffer, Action<Content?, string?> then)
    {
        RtpengineAnswer answer;
        try
        {
            answer = await asked.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong, the legs must not be held for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = new RtpengineAnswer(null, e.Message);
        }
        _call.Shard.Post(new Written(this, answer, content, isOffer, then));
    }

    private async Task CountAsync(Action<RtpengineFigures?> counted)
    {
        RtpengineFigures? figures = null;
        try
        {
            figures = await _engine.CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _call.Shard.Post(new Counted(_call, () => counted(figures)));
        }
    }

    private async Task LookAsync()
    {
        if (await _engine.QueryAsync().ConfigureAwait(false) is { } figures)
            _call.Shard.Post(new Counted(_call, () => OnFigures(figures)));
    }

    private void OnFigures(RtpengineFigures figures)
    {
        if (_isClosed)
            return;
        // An engine that does not know it any more was started anew, or heard nothing for as long as it waits itself.
        bool isLost = !figures.IsKnown;
        if (isLost || IsSilent(0, First, figures.First) | IsSilent(1, Second, figures.Second))
            _call.OnEngineSilent(this);
    }

    private bool IsSilent(int side, LegSession session, MediaCounts? counts)
    {
        long now = _call.Shard.Agent.Now;
        long packets = counts?.Received ?? 0;
        if (packets != _heard[side].Packets || session.Described is not { } heard || session.LastTold is not { } told || !RtpengineSession.Expects(heard.Body.Span, told.Body.Span))
            _heard[side] = (packets, now);
        return now - _heard[side].At >= _call.Shard.Options.Media.SilenceSeconds * 1000L;
    }

    private sealed class Poll(EnginePair pair) : CallTimer(pair._call)
    {
        protected override void Fire()
        {
            _ = pair.LookAsync();
            Start(pair.PollMs);
        }
    }

    private sealed class Written(EnginePair pair, RtpengineAnswer answer, Content content, bool isOffer, Action<Content?, string?> then) : CallWork
    {
        protected override Call Find() => pair._call;

        protected override void Do(Call call)
        {
            var hairpin = pair._hairpin;
            try
            {
                if (!call.IsOver)
                    then(answer.Description is { } description ? content with { Body = description } : null, answer.WhyNot);
                pair.NumberCopies();
                // What they have agreed on leads past this node; who is led only now is led already.
                if (!isOffer || answer.Description is null)
                    hairpin?.Lead();
                if (!isOffer && !call.IsOver)
                    call.OnAgreed(pair);
            }
            finally
            {
                foreach (var group in pair._groups)
                    call.Shard.Agent.Release(group);
            }
        }
    }

    private sealed class Work(Call call, Action<Call> work) : CallWork
    {
        protected override Call? Find() => call.IsOver ? null : call;

        protected override void Do(Call call) => work(call);
    }

    private sealed class Counted(Call call, Action then) : CallWork
    {
        protected override Call Find() => call;

        protected override void Do(Call call) => then();
    }
}
