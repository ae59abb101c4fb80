namespace EventCalls.Telephony.Calls;

/// <summary>Something that a side is to hear whole, a prompt or an announcement: nothing else is played to it meanwhile, and nobody is mixed for it.</summary>
internal abstract class WholeSound(Call call, LegSession to) : CallTimer(call)
{
    private WholeSound? _next;

    /// <summary>Whose peer hears it.</summary>
    protected LegSession To { get; } = to;

    /// <summary>Plays it, behind what the side hears whole already.</summary>
    public void Start()
    {
        if (To.Whole is not { } last)
        {
            BeginNow();
            return;
        }
        while (last._next is { } next)
            last = next;
        last._next = this;
    }

    /// <summary>Forgets it, and what was to follow: the side is another call's affair.</summary>
    public void Forget()
    {
        Stop();
        To.Whole = null;
    }

    /// <summary>Begins; how many milliseconds it takes, 0 when there is nothing to hear any more.</summary>
    protected abstract int Begin();

    /// <summary>Undoes what was done for it, before the side hears anything else.</summary>
    protected virtual void End()
    {
    }

    /// <summary>It was heard, and the side hears whatever comes next.</summary>
    protected virtual void OnHeard()
    {
    }

    /// <inheritdoc />
    protected override void Fire()
    {
        End();
        To.Whole = null;
        if (_next is { } next)
            next.BeginNow();
        else
            Call.HearOn(To);
        OnHeard();
    }

    private void BeginNow()
    {
        To.Whole = this;
        Start(Begin());
    }
}
