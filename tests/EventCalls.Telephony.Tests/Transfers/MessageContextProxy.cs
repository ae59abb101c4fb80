using System.Reflection;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>A consume context that has a message and nothing else: whoever asks for more fails.</summary>
public class MessageContextProxy : DispatchProxy
{
    public object? Message { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == "get_Message" ? Message : throw new NotSupportedException(targetMethod?.Name);
}
