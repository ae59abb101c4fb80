using EventCalls.Media.Sessions;
using EventCalls.Telephony.Configuration;
using Microsoft.Extensions.Logging;

namespace EventCalls.Telephony.Ingress;

/// <summary>Looks after the folder of recordings: what an earlier run left unfinished is made whole, and once an hour what is too old is deleted.</summary>
/// <remarks>Files are read and deleted on the pool's threads; nothing of the ingress waits for it.</remarks>
internal sealed class RecordingUpkeep(MediaOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    /// <summary>Runs until it is cancelled; never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Guarded(Repair);
        if (options.KeepRecordingsDays == 0)
            return;
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            do
                Guarded(Expire);
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The ingress stops.
        }
    }

    private void Repair()
    {
        foreach (var (location, error) in MediaRecorder.Repair(options.Recordings, options.RecordingKey))
        {
            if (error is null)
                logger.LogInformation("The recording {Location}, which an earlier run left unfinished, is whole now", location);
            else
                logger.LogWarning("The recording {Location} was left unfinished by an earlier run and stays so: {Error}", location, error);
        }
    }

    private void Expire()
    {
        int deleted = MediaRecorder.Expire(options.Recordings, time.GetUtcNow().AddDays(-options.KeepRecordingsDays));
        if (deleted > 0)
            logger.LogInformation("{Recordings} recordings older than {Days} days were deleted", deleted, options.KeepRecordingsDays);
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            // A folder that cannot be listed now may be an hour later.
            logger.LogWarning(e, "The folder of recordings {Folder} could not be looked after", options.Recordings);
        }
    }
}
