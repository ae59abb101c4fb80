namespace EventCalls.Sip.Transport.Tls;

/// <summary>Something that is made of files and made anew when they change, without a restart; what cannot be used leaves what was there. Safe from any thread.</summary>
/// <param name="made">What was made of them last.</param>
/// <param name="written">When they were changed last.</param>
/// <param name="make">Makes it; what the files cannot be used for is a <see cref="TlsFileException"/>.</param>
/// <param name="time">The clock; the files are looked at once a second at most.</param>
/// <param name="told">Told what was made anew, or why it could not be.</param>
public sealed class ReadAgain<T>(T made, Func<DateTime> written, Func<T> make, TimeProvider time, Action<T?, TlsFileException?> told)
    where T : class
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private T _current = made;
    private DateTime _written = written();
    private long _lookedAt = time.GetTimestamp();

    /// <summary>As the files have it now.</summary>
    public T Current
    {
        get
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_lookedAt) >= s_look)
                {
                    _lookedAt = time.GetTimestamp();
                    Look();
                }
                return _current;
            }
        }
    }

    private void Look()
    {
        var now = written();
        if (now == _written)
            return;
        // Looked at again when they change again: often the key comes a moment after the certificate.
        _written = now;
        try
        {
            _current = make();
            told(_current, null);
        }
        catch (TlsFileException e)
        {
            told(null, e);
        }
    }
}
