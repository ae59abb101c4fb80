namespace EventCalls.Host.Commands.Calls;

/// <summary>How an event of a call went.</summary>
internal enum LadderTone
{
    Plain,
    Good,
    Bad,
}
