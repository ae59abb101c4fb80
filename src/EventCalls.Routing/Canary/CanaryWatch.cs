using EventCalls.Contracts;
using EventCalls.Routing.Deciding;
using EventCalls.Routing.Loading;
using Microsoft.Extensions.Logging;

namespace EventCalls.Routing.Canary;

/// <summary>Follows which version has a share of the calls beside the one that is active, and has it ready to decide: within seconds, and before the first call.</summary>
/// <remarks>While the store cannot be read the last share goes on. A version that cannot be used here gets no call here.</remarks>
internal sealed partial class CanaryWatch : IAsyncDisposable
{
    private readonly IActivatedLogic _activated;
    private readonly ILogicRunner _runner;
    private readonly Func<CompiledLogic, CancellationToken, Task> _prepare;
    private readonly Func<long> _activation;
    private readonly ILogger _logger;
    private readonly StorePoll _poll;
    private Arm? _arm;
    private long _seen;

    /// <param name="activated">Where it is read.</param>
    /// <param name="runner">What decides.</param>
    /// <param name="prepare">Makes a version ready for its first call.</param>
    /// <param name="activation">The number of the activation that holds here.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where changes are reported.</param>
    public CanaryWatch(IActivatedLogic activated, ILogicRunner runner, Func<CompiledLogic, CancellationToken, Task> prepare, Func<long> activation, TimeProvider time, ILogger logger)
    {
        (_activated, _runner, _prepare, _activation, _logger) = (activated, runner, prepare, activation, logger);
        _poll = new StorePoll(LookAsync, LogNotRead, time);
    }

    /// <summary>The share that holds here; null when there is none.</summary>
    public CanaryRecord? Current => Volatile.Read(ref _arm) is { } arm && arm.Record.Activation == _activation() ? arm.Record : null;

    /// <summary>The challenger, when this is its call to decide; null when the active version decides it.</summary>
    public CompiledLogic? Of(DecisionRequest request)
    {
        if (Volatile.Read(ref _arm) is not { } arm || arm.Record.Activation != _activation())
            return null;
        // A call stays with the version that decided it first, whatever became of the shares meanwhile.
        bool isIts = request.Selected is { } selected ? selected.LogicVersion == arm.Record.Challenger : CanaryShare.Has(arm.Record, request.Started);
        return isIts ? arm.Logic : null;
    }

    /// <summary>Reads it once, before the first call, and looks for a change every second from then on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _poll.LookAsync(cancellationToken).ConfigureAwait(false);
        _poll.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _poll.DisposeAsync().ConfigureAwait(false);
        Volatile.Read(ref _arm)?.Logic.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var kept = await _activated.LastProofAsync(ProofKind.Canary, cancellationToken).ConfigureAwait(false);
        if ((kept?.Number ?? 0) != _seen)
            await TakeAsync(CanaryRecord.Read(kept!), cancellationToken).ConfigureAwait(false);
        _seen = kept?.Number ?? 0;
    }

    private async Task TakeAsync(CanaryRecord record, CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _arm);
        if (!record.IsOn)
        {
            Use(null, before);
        }
        else if (before?.Record.Challenger == record.Challenger)
        {
            Volatile.Write(ref _arm, before with { Record = record });
        }
        else
        {
            var version = await _activated.FindLogicVersionAsync(record.Challenger, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException($"The sources of {record.Challenger} are not in the store.");
            var check = await _runner.CompileAsync(version.Sources, cancellationToken).ConfigureAwait(false);
            if (check.Logic is { } logic)
            {
                await _prepare(logic, cancellationToken).ConfigureAwait(false);
                Use(new Arm(record, logic), before);
            }
            else
            {
                Use(null, before);
                LogRefused(record.Challenger, string.Join("; ", check.Diagnostics));
                return;
            }
        }
        LogShare(record.Challenger, record.Share, record.By);
    }

    private void Use(Arm? now, Arm? before)
    {
        Volatile.Write(ref _arm, now);
        if (before is null)
            return;
        _runner.Forget(before.Logic);
        before.Logic.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Routing logic {Version} decides {Share} % of the calls from now on, as {By} has it.")]
    private partial void LogShare(string version, int share, string by);

    [LoggerMessage(Level = LogLevel.Error, Message = "Routing logic {Version} is to have a share of the calls and cannot be used here; it gets none here. {Error}")]
    private partial void LogRefused(string version, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "It cannot be read now which version has a share of the calls; what decides goes on deciding, and it is tried again every second.")]
    private partial void LogNotRead(Exception e);

    private sealed record Arm(CanaryRecord Record, CompiledLogic Logic);
}
