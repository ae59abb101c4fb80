using EventCalls.Routing.Limits;

namespace EventCalls.Routing.Deciders.Child;

/// <summary>
/// Notices static fields that a limit of a decision has kept from being initialized. The runtime runs an initializer once (that of a generic class when it is first
/// touched), so every later decision of the process would fail where it touches them, for what one before it did.
/// </summary>
internal sealed class BrokenStatics
{
    private bool _any;

    public BrokenStatics() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => _any |= thrown.Exception is TypeInitializationException && CheckPoint.IsOver;

    /// <summary>Whether there are some since the last <see cref="Begin"/>.</summary>
    public bool Any => _any;

    /// <summary>Before each decision: what is loaded has limits of its own, and is refused when it meets them.</summary>
    public void Begin() => _any = false;

    /// <summary>Ends this process while it takes the decision that did it, which is asked again of another one, as after any other death.</summary>
    public static void EndProcess()
    {
        // The first line is what the parent tells; the runtime says more in its own.
        using (var errors = System.Console.OpenStandardError())
            errors.Write("what initializes the static fields of a generic class met a limit of the decision\n"u8);
        Environment.FailFast(null);
    }
}
