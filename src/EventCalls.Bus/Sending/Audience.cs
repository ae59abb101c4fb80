namespace EventCalls.Bus.Sending;

/// <summary>Remembers that nobody subscribes to a message, so that it is not written and sent to nobody; now and then one is sent to see.</summary>
/// <remarks>
/// A broker does not say who is bound to an exchange; it gives back a mandatory message that no queue took. Whoever comes while one is on its way to see waits for what becomes of it,
/// so that nothing is lost of what happens a moment after somebody has subscribed. Safe from any thread.
/// </remarks>
internal sealed class Audience(TimeProvider time)
{
    /// <summary>For how long after a message came back no other is sent: so late may somebody who subscribed get the first.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private TaskCompletionSource<bool>? _look;
    private long? _nobodySince;

    /// <summary>Whether nobody listens, as far as was seen a moment ago.</summary>
    public bool IsSilent
    {
        get
        {
            lock (_gate)
                return _look is null && _nobodySince is { } since && time.GetElapsedTime(since) < Notice;
        }
    }

    /// <summary>Sends, unless nobody listens.</summary>
    /// <param name="send">Sends; false when the message came back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(Func<CancellationToken, Task<bool>> send, CancellationToken cancellationToken)
    {
        switch (Enter(out var look))
        {
            case Turn.Skip:
                return;
            case Turn.Look:
                await LookAsync(look!, send, cancellationToken).ConfigureAwait(false);
                return;
            case Turn.Wait when !await look!.Task.WaitAsync(cancellationToken).ConfigureAwait(false):
                return;
        }
        if (await send(cancellationToken).ConfigureAwait(false))
            return;
        lock (_gate)
            _nobodySince = time.GetTimestamp();
    }

    private Turn Enter(out TaskCompletionSource<bool>? look)
    {
        lock (_gate)
        {
            look = _look;
            if (look is not null)
                return Turn.Wait;
            if (_nobodySince is not { } since)
                return Turn.Send;
            if (time.GetElapsedTime(since) < Notice)
                return Turn.Skip;
            look = _look = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Turn.Look;
        }
    }

    private async Task LookAsync(TaskCompletionSource<bool> look, Func<CancellationToken, Task<bool>> send, CancellationToken cancellationToken)
    {
        // What goes wrong otherwise says nothing of who listens.
        bool isHeard = true;
        try
        {
            isHeard = await send(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _look = null;
                _nobodySince = isHeard ? null : time.GetTimestamp();
            }
            look.SetResult(isHeard);
        }
    }

    private enum Turn
    {
        Send,
        Skip,
        Wait,
        Look,
    }
}
