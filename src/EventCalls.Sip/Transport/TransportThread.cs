using Microsoft.Extensions.Logging;

namespace EventCalls.Sip.Transport;

/// <summary>Threads of the transport: whatever is thrown on one ends that thread's work and never the process.</summary>
internal static class TransportThread
{
    private const int StackBytes = 256 * 1024;

    // A handshake builds chains of certificates.
    private const int DeepStackBytes = 1024 * 1024;

    /// <summary>Starts a thread; what it throws is said and given to <paramref name="onFault"/>.</summary>
    /// <exception cref="OutOfMemoryException">The system has no thread left.</exception>
    public static void Start(string name, ILogger logger, Action body, Action<Exception>? onFault = null, bool isDeep = false) =>
        new Thread(() => Run(name, logger, body, onFault), isDeep ? DeepStackBytes : StackBytes) { IsBackground = true, Name = name }.Start();

    private static void Run(string name, ILogger logger, Action body, Action<Exception>? onFault)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            try
            {
                logger.LogError(e, "The thread {Thread} ended", name);
                onFault?.Invoke(e);
            }
            catch (Exception)
            {
                // A log that throws must not end the process either.
            }
        }
    }
}
