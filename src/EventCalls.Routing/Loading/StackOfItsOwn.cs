using System.Runtime.ExceptionServices;

namespace EventCalls.Routing.Loading;

/// <summary>Runs work on a thread with a stack of a given size, and waits for it, but not for ever.</summary>
internal static class StackOfItsOwn
{
    /// <summary>Gives the work's result, or throws what it threw.</summary>
    /// <param name="bytes">The size; only what is used of it takes memory.</param>
    /// <param name="limit">How long it may take; work that takes longer is left to itself.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static T Run<T>(int bytes, TimeSpan limit, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    error = ExceptionDispatchInfo.Capture(e);
                }
            },
            bytes)
        { IsBackground = true, Name = "logic compiler" };
        thread.Start();
        if (!thread.Join(limit))
            throw new TimeoutException();
        error?.Throw();
        return result;
    }
}
