/// One class over two files.
public sealed partial class Line : RoutingLogic
{
    public override Decision Start(Conversation conv) => Menu(conv) is { } flow ? conv.GotoFlow(flow) : conv.GotoFlow("operator");

    private static partial string? Menu(Conversation conv);
}
