namespace EventCalls.Routing.Deciders.Wire;

/// <summary>What a message between a process and its decider is about. A message is its length (4 bytes, little endian, without themselves), this, and a body.</summary>
internal enum MessageKind : byte
{
    /// <summary>From the decider, first: which build it is.</summary>
    Hello = 1,

    /// <summary>Compile sources, load and prepare them.</summary>
    Compile,

    /// <summary>Load and prepare what was compiled elsewhere.</summary>
    Load,

    /// <summary>What came of the one or the other.</summary>
    Loaded,

    /// <summary>Drop a version.</summary>
    Unload,

    /// <summary>Look-up tables, from now on.</summary>
    Tables,

    /// <summary>Names of outbound endpoints, from now on.</summary>
    Endpoints,

    /// <summary>Take a decision.</summary>
    Decide,

    /// <summary>What came of it.</summary>
    Decided,

    /// <summary>An error of ours, not of the logic.</summary>
    Failed,

    /// <summary>Answer at once, with the same.</summary>
    Ping,

    /// <summary>Take many decisions of past calls.</summary>
    Block,

    /// <summary>What came of them.</summary>
    BlockDecided,
}
