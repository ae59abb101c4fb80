namespace EventCalls.Routing.Loading;

/// <summary>What a process must know of compiled logic to call it, without its sources: found on them by <see cref="LogicShape"/>.</summary>
/// <param name="Name">The class.</param>
/// <param name="TypeName">The class as the runtime calls it.</param>
/// <param name="Start">Decides a new call.</param>
/// <param name="TransferFailed">Decides after a failed handoff.</param>
/// <param name="ReferRequested">Decides what is asked by REFER.</param>
/// <param name="Flows">The flows by name.</param>
internal sealed record LogicOutline(
    string Name, string TypeName, LogicPlace Start, LogicPlace TransferFailed, LogicPlace ReferRequested, IReadOnlyDictionary<string, LogicPlace> Flows);

/// <summary>A method that decides, by name.</summary>
/// <param name="DeclaringType">The simple name of the class that declares it, as the runtime calls it.</param>
/// <param name="Name">For people: class and method.</param>
/// <param name="Method">The method.</param>
/// <param name="File">Its source file; empty when it has none.</param>
/// <param name="Line">From 1; 0 when it has no source.</param>
internal sealed record LogicPlace(string DeclaringType, string Name, string Method, string File, int Line);
