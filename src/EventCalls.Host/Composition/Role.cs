namespace EventCalls.Host.Composition;

/// <summary>What a process does; <c>--roles</c> names them.</summary>
internal enum Role
{
    /// <summary>Takes calls, and carries out their handoffs.</summary>
    Ingress,

    /// <summary>Decides calls.</summary>
    Router,

    /// <summary>Stores what happened.</summary>
    Recorder,
}
