namespace EventCalls.Routing;

/// <summary>Where routers have what they decide by.</summary>
public enum LogicFrom
{
    /// <summary>Each from its folder.</summary>
    Folder,

    /// <summary>All from the version that was activated, which the store keeps; while none is, each from its folder.</summary>
    Store,
}
