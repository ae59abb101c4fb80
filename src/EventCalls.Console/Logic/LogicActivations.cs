using EventCalls.Console.Problems;
using EventCalls.Contracts;
using EventCalls.Routing;
using EventCalls.Routing.Loading;
using EventCalls.Store;
using EventCalls.Store.Steering;

namespace EventCalls.Console.Logic;

/// <summary>Has all routers decide by another version: one that compiles and comes to decisions here, or the one that did before.</summary>
internal sealed class LogicActivations(ConsoleSources sources, TimeProvider time)
{
    private const string Setting = "EventCalls:Routing:LogicFrom";
    private const int TriedCalls = 20;
    private const int MaxNote = 500;

    // A compilation takes a core for a second or two.
    private readonly SemaphoreSlim _one = new(1, 1);

    private ILogicSteering Steering => (ILogicSteering)sources.Store;

    /// <summary>Keeps an uploaded version; it decides nothing by that.</summary>
    /// <exception cref="ApiProblemException">It cannot be used.</exception>
    public async Task<KeptLogic> KeepAsync(IReadOnlyList<LogicSource> files, string by, CancellationToken cancellationToken)
    {
        var check = await TryAsync(files, [], cancellationToken).ConfigureAwait(false);
        if (check.Logic is null)
            throw new ApiProblemException(422, "Not usable", $"The logic cannot be used, and is not kept: {check.Diagnostics[0]}") { Field = "files", Diagnostics = check.Diagnostics };
        var now = time.GetUtcNow();
        await sources.Store.SaveLogicVersionAsync(new LogicVersionLoaded { Version = check.Version, Sources = files, LoadedAt = now }, cancellationToken).ConfigureAwait(false);
        await Steering.SaveArrivalAsync(new LogicArrival(check.Version, Uploaded: true, by, now, now), cancellationToken).ConfigureAwait(false);
        return new KeptLogic(check.Version, check.Flows, check.Diagnostics);
    }

    /// <summary>Activates a version, unless it is active.</summary>
    /// <exception cref="ApiProblemException">It cannot be.</exception>
    public async Task<ActivationAnswer> ActivateAsync(LogicVersionLoaded version, string by, string? note, CancellationToken cancellationToken)
    {
        CheckSetting();
        CheckNote(note);
        if (await Steering.LastActivationAsync(cancellationToken).ConfigureAwait(false) is { } active && active.Version == version.Version)
            return new ActivationAnswer(false, active);
        await MustDecideAsync(version, cancellationToken).ConfigureAwait(false);
        return await RecordAsync(
            last => last?.Version == version.Version ? null : new LogicActivation { Number = (last?.Number ?? 0) + 1, Version = version.Version, By = by, At = time.GetUtcNow(), Before = last?.Number, Note = note },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws unless a version may get calls to decide: it compiles and comes to decisions, and versions are given by the store.</summary>
    /// <exception cref="ApiProblemException">It may not.</exception>
    public Task MustBeUsableAsync(LogicVersionLoaded version, string? note, CancellationToken cancellationToken)
    {
        CheckSetting();
        CheckNote(note);
        return MustDecideAsync(version, cancellationToken);
    }

    /// <summary>Goes back to what decided before the version that is active, which has to be the one named.</summary>
    /// <exception cref="ApiProblemException">It is not, or there is nothing before it.</exception>
    public async Task<ActivationAnswer> RollBackAsync(LogicVersionLoaded from, string by, string? note, CancellationToken cancellationToken)
    {
        CheckSetting();
        CheckNote(note);
        var last = await Steering.LastActivationAsync(cancellationToken).ConfigureAwait(false);
        if (last is null)
            throw new ApiProblemException(409, "Nothing to roll back", "No version was ever activated; routers decide by their folders.");
        // Asked for a second time, by a client that did not see the answer or by a second click.
        if (last.RolledBack && await LeftAsync(last, cancellationToken).ConfigureAwait(false) == from.Version)
            return new ActivationAnswer(false, last);
        if (last.Version != from.Version)
            throw new ApiProblemException(409, "Another version is active", $"{last.Version ?? "What each router has in its folder"} is active by now, since {last.By} {(last.RolledBack ? "rolled back" : "activated it")}.") { Field = "from" };
        var before = last.Before is { } number ? await Steering.FindActivationAsync(number, cancellationToken).ConfigureAwait(false) : null;
        return await RecordAsync(
            now => now?.Number != last.Number
                ? throw new ApiProblemException(409, "Another version is active", "Somebody else was faster; look again what is active.")
                : new LogicActivation { Number = last.Number + 1, Version = before?.Version, By = by, At = time.GetUtcNow(), Before = before?.Before, RolledBack = true, Note = note },
            cancellationToken).ConfigureAwait(false);
    }

    internal async Task MustDecideAsync(LogicVersionLoaded version, CancellationToken cancellationToken)
    {
        var calls = await NewestAsync(cancellationToken).ConfigureAwait(false);
        var check = await TryAsync(version.Sources, calls, cancellationToken).ConfigureAwait(false);
        if (check.Logic is null)
            throw new ApiProblemException(409, "Not usable", $"{version.Version} is not activated, and what decides goes on deciding: {check.Diagnostics[0]}") { Diagnostics = check.Diagnostics };
    }

    // What was active when it was rolled back: the record before it.
    private async Task<string?> LeftAsync(LogicActivation back, CancellationToken cancellationToken) =>
        (await Steering.FindActivationAsync(back.Number - 1, cancellationToken).ConfigureAwait(false))?.Version;

    private async Task<ActivationAnswer> RecordAsync(Func<LogicActivation?, LogicActivation?> next, CancellationToken cancellationToken)
    {
        while (true)
        {
            var last = await Steering.LastActivationAsync(cancellationToken).ConfigureAwait(false);
            if (next(last) is not { } wanted)
                return new ActivationAnswer(false, last!);
            if (await Steering.TryActivateAsync(wanted, cancellationToken).ConfigureAwait(false))
                return new ActivationAnswer(true, wanted);
        }
    }

    private async Task<LogicCheck> TryAsync(IReadOnlyList<LogicSource> files, IReadOnlyList<CallStarted> calls, CancellationToken cancellationToken)
    {
        if (sources.TryLogic is not { } tryLogic)
            throw new ApiProblemException(503, "Not available", "This process compiles no logic; ask one that has the routing's configuration.");
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await tryLogic(files, calls, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<IReadOnlyList<CallStarted>> NewestAsync(CancellationToken cancellationToken)
    {
        var started = new List<CallStarted>();
        foreach (var call in await sources.Store.SearchAsync(new CallQuery { Limit = TriedCalls }, cancellationToken).ConfigureAwait(false))
        {
            var events = await sources.Store.ReadStreamAsync(call.CallId, cancellationToken).ConfigureAwait(false);
            if (events is [var first, ..] && first.Read() is CallStarted start)
                started.Add(start);
        }
        return started;
    }

    private void CheckSetting()
    {
        if (sources.LogicFrom != LogicFrom.Store)
            throw new ApiProblemException(409, "Folders decide", $"{Setting} is 'folder': each router decides by what its folder holds. Set it to 'store', for every process, to activate versions here.") { Field = Setting };
    }

    internal static void CheckNote(string? note)
    {
        if (note?.Length > MaxNote)
            throw ApiProblemException.Invalid("note", $"note: {note.Length} characters are given; {MaxNote} are possible.");
    }
}
