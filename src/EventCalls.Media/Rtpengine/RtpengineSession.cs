using EventCalls.Media.Sessions;

namespace EventCalls.Media.Rtpengine;

/// <summary>The media of two sides at one rtpengine: what the one describes is written anew for the other. Questions are asked one after another, in the order they come in.</summary>
public sealed partial class RtpengineSession
{
    private readonly Rtpengines _engines;
    private readonly string _callId;
    private readonly RtpengineSide _first;
    private readonly RtpengineSide _second;
    private readonly bool _transcodes;
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;
    private Engine? _engine;
    private bool _isClosed;
    private bool _hasOthers;

    internal RtpengineSession(Rtpengines engines, string callId, RtpengineSide first, RtpengineSide second, bool transcodes) =>
        (_engines, _callId, _first, _second, _transcodes) = (engines, callId, first, second, transcodes);

    /// <summary>Has an offer written for the other side. The first one chooses the engine: one that does not answer, or takes no more, is passed over.</summary>
    /// <param name="isOfFirst">Whether it is an offer of the first side.</param>
    /// <param name="description">As its side wrote it.</param>
    /// <param name="heard">What the other side last described; empty as long as it described nothing.</param>
    /// <param name="takesInfo">Whether its side takes digits in INFO, so that they are worth offering to the other one in its audio.</param>
    public Task<RtpengineAnswer> OfferAsync(bool isOfFirst, ReadOnlyMemory<byte> description, ReadOnlyMemory<byte> heard, bool takesInfo = false) =>
        InTurnAsync(() => WriteAsync("offer", isOfFirst ? _first : _second, isOfFirst ? _second : _first, description, heard, takesInfo));

    /// <summary>Has an answer written for the side whose offer it answers.</summary>
    /// <param name="isOfFirst">Whether it is an answer of the first side.</param>
    /// <param name="description">As its side wrote it.</param>
    /// <param name="heard">What the other side last described: its offer.</param>
    /// <param name="takesInfo">Whether its side takes digits in INFO.</param>
    public Task<RtpengineAnswer> AnswerAsync(bool isOfFirst, ReadOnlyMemory<byte> description, ReadOnlyMemory<byte> heard, bool takesInfo = false) =>
        InTurnAsync(() => WriteAsync("answer", isOfFirst ? _first : _second, isOfFirst ? _second : _first, description, heard, takesInfo));

    /// <summary>What moved so far; null when the engine does not answer, or is not chosen yet.</summary>
    public Task<RtpengineFigures?> QueryAsync() => InTurnAsync(() => CountAsync(Fields("query")));

    /// <summary>Ends it, and says what moved; null when the engine does not answer, or none was chosen. Nothing more is written then.</summary>
    public Task<RtpengineFigures?> CloseAsync() => InTurnAsync(async () =>
    {
        _isClosed = true;
        var all = Fields("delete");
        // Without a delay it lets go of the ports at once.
        all["delete delay"] = NgValue.Of(0);
        if (!_hasOthers)
            return await CountAsync(new(all) { ["from-tag"] = NgValue.Of(_first.Tag) }).ConfigureAwait(false);
        // With a tag it says what moved, but only of two who are connected there, and leaves copies with ports of their own.
        var figures = await CountAsync(Fields("query")).ConfigureAwait(false);
        await CountAsync(all).ConfigureAwait(false);
        return figures;
    });

    /// <summary>Whether silence of a side is a fault: it says that it sends and wants to hear, and was told that it is to be heard.</summary>
    /// <param name="heard">What it last described.</param>
    /// <param name="told">What it was last told.</param>
    public static bool Expects(ReadOnlySpan<byte> heard, ReadOnlySpan<byte> told) =>
        DescribedStream.ReadAll(told).Exists(static s => s is { IsAudio: true, Port: > 0, Receives: true, IsHeld: false })
        && DescribedStream.ReadAll(heard).Exists(static s => s is { IsAudio: true, Port: > 0, Sends: true, Receives: true, Address: not null });

    /// <summary>Whether a side takes digits in its audio (RFC 4733); null where it describes no audio.</summary>
    /// <param name="heard">What it last described.</param>
    public static bool? TakesDigits(ReadOnlySpan<byte> heard) =>
        DescribedStream.ReadAll(heard).Find(static s => s is { IsAudio: true, Port: > 0 })?.Formats.Any(static f => f.Format.IsEvents);

    private async Task<RtpengineAnswer> WriteAsync(string command, RtpengineSide from, RtpengineSide to, ReadOnlyMemory<byte> description, ReadOnlyMemory<byte> heard, bool takesInfo = false)
    {
        if (_isClosed)
            return new RtpengineAnswer(null, "its session is over");
        bool isOffer = command == "offer";
        bool isHere = from.IsHere || to.IsHere;
        if (!isHere)
            description = Told(description, from, to, takesInfo);
        var fields = Fields(command);
        fields["sdp"] = NgValue.Of(description);
        // Of an answer, too, the from-tag is who made the offer.
        fields["from-tag"] = NgValue.Of((isOffer ? from : to).Tag);
        fields["to-tag"] = NgValue.Of((isOffer ? to : from).Tag);
        NgTerms.AddTo(fields, from, to, isHere, heard.Span, isOffer);
        if (isOffer && _transcodes && !isHere)
            NgTerms.AddCodecsTo(fields);
        var question = NgValue.Of(fields);
        var refusals = new List<string>();
        foreach (var engine in _engine is { } chosen ? [chosen] : _engines.InTurn())
        {
            var answer = await engine.AskAsync(question).ConfigureAwait(false);
            if (answer?["result"]?.Text == "ok" && answer["sdp"]?.Bytes is { } written)
            {
                _engine = engine;
                return new RtpengineAnswer(written.ToArray(), null);
            }
            refusals.Add($"{engine.Name} {WhyNot(answer)}");
        }
        return new RtpengineAnswer(null, string.Join("; ", refusals));
    }

    /// <summary>A description with the digits in it that its side takes in INFO, and without those that the other one was not offered.</summary>
    private static ReadOnlyMemory<byte> Told(ReadOnlyMemory<byte> description, RtpengineSide from, RtpengineSide to, bool takesInfo)
    {
        var streams = DescribedStream.ReadAll(description.Span);
        from.Formats.Heard(streams);
        var told = to.Formats.Told(description.Span, streams, takesInfo);
        return told == description.Span ? description : told.ToArray();
    }

    private static string WhyNot(NgValue? answer) => answer is null
        ? "does not answer"
        : $"says {answer["error-reason"]?.Text ?? answer["message"]?.Text ?? answer["result"]?.Text ?? "nothing of use"}";

    private async Task<RtpengineFigures?> CountAsync(Dictionary<string, NgValue> fields) =>
        _engine is { } engine && await engine.AskAsync(NgValue.Of(fields)).ConfigureAwait(false) is { } answer ? NgFigures.Read(answer, _first.Tag, _second.Tag) : null;

    private Dictionary<string, NgValue> Fields(string command) => new(StringComparer.Ordinal) { ["command"] = NgValue.Of(command), ["call-id"] = NgValue.Of(_callId) };

    /// <summary>Asks when what was asked before is answered.</summary>
    private Task<T> InTurnAsync<T>(Func<Task<T>> ask)
    {
        lock (_gate)
        {
            var asked = AfterAsync(_last, ask);
            _last = asked;
            return asked;
        }
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> ask)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await ask().ConfigureAwait(false);
    }
}
