namespace EventCalls.Routing.Loading;

/// <summary>A method of compiled logic that decides.</summary>
internal sealed class LogicMethod(string name, string file, int line, Func<RoutingLogic, Conversation, Decision?> invoke)
{
    private volatile Place? _last;

    public string Name => name;

    public string NameAndPlace { get; } = line > 0 ? $"{name} ({file}:{line})" : name;

    public Func<RoutingLogic, Conversation, Decision?> Invoke => invoke;

    /// <summary>Its name and a place in it. A method mostly decides where it decided the last time.</summary>
    public string NameAt(string inFile, int atLine)
    {
        var last = _last;
        if (last is null || last.Line != atLine || last.File != inFile)
            _last = last = new Place(inFile, atLine, $"{name} ({inFile}:{atLine})");
        return last.Name;
    }

    private sealed record Place(string File, int Line, string Name);
}
