using System.Reflection;
using MassTransit;

namespace EventCalls.Telephony.Tests.Transfers;

/// <summary>A consume context that has a message and the names of its headers, and nothing else: whoever asks for more fails.</summary>
public class MessageContextProxy : DispatchProxy
{
    private IReadOnlyCollection<string> _headers = [];

    /// <summary>The context of a message.</summary>
    public static ConsumeContext<T> Of<T>(T message, params string[] headers)
        where T : class
    {
        var context = Create<ConsumeContext<T>, MessageContextProxy>();
        var proxy = (MessageContextProxy)(object)context;
        proxy.Message = message;
        proxy._headers = headers;
        return context;
    }

    private object? Message { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod?.Name)
        {
            case "get_Message":
                return Message;
            case "get_Headers":
                var headers = Create<Headers, MessageContextProxy>();
                ((MessageContextProxy)(object)headers)._headers = _headers;
                return headers;
            case "TryGetHeader":
                return _headers.Contains((string)args![0]!);
            default:
                throw new NotSupportedException(targetMethod?.Name);
        }
    }
}
