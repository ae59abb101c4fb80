namespace EventCalls.Bus.Outage;

/// <summary>Whether the broker is there and confirms, as far as is known. Safe from any thread.</summary>
public sealed class BrokerState
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _whileUp = Cancelled();
    private TaskCompletionSource _suspected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _looks;

    /// <summary>Raised after the state has changed, on the thread that changed it.</summary>
    internal event Action? Changed;

    /// <summary>Whether the last look found it well, and nobody has had trouble with it since.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Why it is away, for people.</summary>
    public string Reason { get; private set; } = "it was not looked for yet";

    /// <summary>Completes when it is known for the first time.</summary>
    public Task Looked => _looked.Task;

    /// <summary>Cancelled when the broker is away.</summary>
    public CancellationToken WhileUp
    {
        get
        {
            lock (_gate)
                return _whileUp.Token;
        }
    }

    /// <summary>Completes when somebody has had trouble that the last look did not see.</summary>
    internal Task Suspected
    {
        get
        {
            lock (_gate)
                return _suspected.Task;
        }
    }

    /// <summary>Completes when the broker is up.</summary>
    internal Task UntilUpAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _up.Task.WaitAsync(cancellationToken);
    }

    /// <summary>A look begins; <see cref="Up"/> wants to know which.</summary>
    internal long BeginLook()
    {
        lock (_gate)
        {
            if (_suspected.Task.IsCompleted)
                _suspected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _looks;
        }
    }

    /// <summary>The look found it well; counts for nothing when there was trouble after it had begun.</summary>
    internal void Up(long look)
    {
        lock (_gate)
        {
            if (look != _looks || IsUp)
                return;
            IsUp = true;
            Reason = "";
            // Not disposed: a send may be about to link to it, and a source without a timer holds nothing.
            _whileUp = new CancellationTokenSource();
            _up.TrySetResult();
        }
        _looked.TrySetResult();
        Changed?.Invoke();
    }

    /// <summary>It is away.</summary>
    /// <param name="reason">Why, for people.</param>
    /// <param name="isKnown">False when it may not even be the right one, so that the first look is not over.</param>
    internal void Away(string reason, bool isKnown = true)
    {
        CancellationTokenSource ended;
        bool changed;
        lock (_gate)
        {
            _looks++;
            changed = IsUp || Reason != reason;
            Reason = reason;
            if (IsUp)
                _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
            IsUp = false;
            ended = _whileUp;
            _suspected.TrySetResult();
        }
        ended.Cancel();
        if (isKnown)
            _looked.TrySetResult();
        if (changed)
            Changed?.Invoke();
    }

    private static CancellationTokenSource Cancelled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return source;
    }
}
