using System.Text.Json;
using EventCalls.Contracts;
using EventCalls.Replay.Audit;
using EventCalls.Routing.Lookups;
using EventCalls.Store;
using EventCalls.Telephony.Configuration;

namespace EventCalls.Simulation.Forks;

/// <summary>Plays a stored call on from one of its events with a stored version of the logic, for those who show what came of it.</summary>
public static class StoredFork
{
    /// <summary>Makes ready to play it: what can be known to be wrong without playing is said here.</summary>
    /// <param name="store">Where versions of the logic are.</param>
    /// <param name="call">The call.</param>
    /// <param name="at">The number of the last event that stays as it was, as stored, from 1.</param>
    /// <param name="inject">What happens then otherwise, in words (<see cref="Injection.Known"/>); null for nothing but the decisions.</param>
    /// <param name="logic">What decides from there on; null for the version that decided then.</param>
    /// <param name="settings">What is configured now.</param>
    /// <param name="live">Where look-ups that were not recorded get their answers.</param>
    /// <param name="time">The clock that watches over the logic.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ForkRefusedException">It cannot be played like this.</exception>
    public static async Task<PreparedFork> PrepareAsync(
        ICallStore store, CallHistory call, int at, string? inject, LogicVersionLoaded? logic, ForkSettings settings, ILookupSource live, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(settings);
        Injection? injection = null;
        if (inject is not null && !Injection.TryParse(inject, out injection))
            throw new ForkRefusedException($"inject: '{PlainText.Of(inject)}' is given; expected {Injection.Known}.");
        if (at < 1 || at > call.Events.Count)
            throw new ForkRefusedException($"at: {at} is given, and the call has events 1 to {call.Events.Count}.");
        var recording = ReadRecording(call);
        var last = call.Events.Take(at).LastOrDefault(e => !Recording.IsForeign(e)) ?? throw new ForkRefusedException($"at: up to event {at} there is none of EventCalls' own.");
        if (last.Type == "call_ended")
            throw new ForkRefusedException($"at: {at} is given, and there the call is over; give an earlier event.");
        int number = recording.NumberOf(last.EventId);
        var version = logic ?? await DecidedAsync(store, recording, number, cancellationToken).ConfigureAwait(false);
        return play => PlayAsync(recording, number, injection, version, settings, live, time, play);
    }

    private static async Task<PlayedFork> PlayAsync(
        Recording recording, int number, Injection? injection, LogicVersionLoaded version, ForkSettings settings, ILookupSource live, TimeProvider time, CancellationToken cancellationToken)
    {
        using var folder = StoredLogicFolder.Write(version);
        try
        {
            var result = await PlayAsync(recording, number, injection, folder.FolderPath, settings, live, time, cancellationToken).ConfigureAwait(false);
            return Told(result ?? throw new ForkRefusedException($"logic: {version.Version} does not compile with this version of EventCalls."));
        }
        // An imported call may say what no message can carry.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or TelephonyOptionsException)
        {
            throw new ForkRefusedException($"The call could not be played: {e.Message}", e);
        }
    }

    private static Recording ReadRecording(CallHistory call)
    {
        try
        {
            return Recording.Read(call.Events);
        }
        catch (UnplayableCallException e)
        {
            throw new ForkRefusedException(e.Message, e);
        }
    }

    /// <summary>Plays a call that was taken apart, with the logic of a folder; null when that cannot be used.</summary>
    /// <exception cref="InvalidOperationException">The played call does not come to an end.</exception>
    public static async Task<ForkResult?> PlayAsync(
        Recording recording, int at, Injection? injection, string folder, ForkSettings settings, ILookupSource live, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var lookups = new RecordedThenLiveLookups(recording.Lookups, live is LookupTables tables ? tables.ForLiveCalls() : live);
        await using var router = Fork.RouterFor(recording, settings, folder, lookups, time);
        await router.StartAsync(cancellationToken).ConfigureAwait(false);
        if (router.Logic is null)
            return null;
        var result = await Fork.PlayAsync(recording, at, injection, settings, router, cancellationToken).ConfigureAwait(false);
        return result with { LiveLookups = lookups.AskedLive(result.Events.Skip(result.At)) };
    }

    private static async Task<LogicVersionLoaded> DecidedAsync(ICallStore store, Recording recording, int at, CancellationToken cancellationToken)
    {
        var selected = recording.Events.Take(at).OfType<FlowSelected>().LastOrDefault() ?? recording.Events.OfType<FlowSelected>().FirstOrDefault();
        return selected is null ? throw new ForkRefusedException("logic: no decision is recorded with the call, so there is no logic to go on with; name a version.")
            : await store.FindLogicVersionAsync(selected.LogicVersion, cancellationToken).ConfigureAwait(false)
                ?? throw new ForkRefusedException($"logic: the call was decided by '{PlainText.Of(selected.LogicVersion)}', of which the store has no sources; name a version.");
    }

    private static PlayedFork Told(ForkResult result) => new(
        JsonSerializer.SerializeToUtf8Bytes(new ForkObject(result), ForkJson.Default.ForkObject),
        [.. result.Events.Select((e, i) => Stored(e, i + 1))],
        result.At,
        result.IsSame,
        result.Mismatch is { } mismatch ? $"The part before the fork does not play as it was recorded: {PlainText.Of(mismatch)}."
            : result.IsInjected ? null
            : $"Nothing came after event {result.At} that '{result.Injection}' fits; begin before the attempt that it is about.");

    private static StoredEvent Stored(CallEvent e, int version)
    {
        var given = EventToAppend.Of(e);
        return new StoredEvent { Position = version, CallId = e.CallId, Version = version, EventId = e.EventId, Type = given.Type, Data = given.Data };
    }
}
