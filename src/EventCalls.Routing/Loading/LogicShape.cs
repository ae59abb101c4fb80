using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>The one logic class of a compilation and its flow methods, checked.</summary>
internal sealed class LogicShape
{
    /// <summary>What logic derives from. Named, since the analyzer has these rules too, and not the types.</summary>
    public const string RootName = "EventCalls.Routing.RoutingLogic";

    /// <summary>What a decision is made of.</summary>
    public const string ConversationName = "EventCalls.Routing.Conversation";

    private LogicShape(INamedTypeSymbol type, IMethodSymbol start, IMethodSymbol transferFailed, IMethodSymbol referRequested, Dictionary<string, IMethodSymbol> flows)
    {
        Name = type.Name;
        MetadataName = type.ContainingNamespace.IsGlobalNamespace
            ? type.MetadataName
            : $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";
        Start = start;
        TransferFailed = transferFailed;
        ReferRequested = referRequested;
        Flows = flows;
    }

    public string Name { get; }

    public string MetadataName { get; }

    public IMethodSymbol Start { get; }

    public IMethodSymbol TransferFailed { get; }

    public IMethodSymbol ReferRequested { get; }

    public IReadOnlyDictionary<string, IMethodSymbol> Flows { get; }

    /// <summary>The same in words, for a process that has no compilation.</summary>
    public LogicOutline ToOutline() => new(
        Name, MetadataName, Place(Start), Place(TransferFailed), Place(ReferRequested), Flows.ToDictionary(f => f.Key, f => Place(f.Value), StringComparer.Ordinal));

    /// <summary>Whether sources have a class that derives from RoutingLogic.</summary>
    public static bool IsThereAny(Compilation compilation)
    {
        var types = new List<INamedTypeSymbol>();
        Collect(compilation.Assembly.GlobalNamespace, types);
        return compilation.GetTypeByMetadataName(RootName) is { } root && types.Exists(t => Derives(t, root));
    }

    /// <summary>Finds the shape; null, with what is refused, when the sources have another one.</summary>
    /// <param name="compilation">What the compiler made of the sources.</param>
    /// <param name="report">Takes what is refused: where, the id of the rule, and the message.</param>
    public static LogicShape? Find(Compilation compilation, Action<Location?, string, string> report)
    {
        var root = compilation.GetTypeByMetadataName(RootName)!;
        var conversation = compilation.GetTypeByMetadataName(ConversationName)!;
        var decision = compilation.GetTypeByMetadataName("EventCalls.Routing.Decision")!;
        var flowAttribute = compilation.GetTypeByMetadataName("EventCalls.Routing.FlowAttribute")!;
        bool isRefused = false;

        var types = new List<INamedTypeSymbol>();
        Collect(compilation.Assembly.GlobalNamespace, types);
        var logics = types.Where(t => !t.IsAbstract && Derives(t, root)).ToList();
        foreach (var method in types.Where(t => !Derives(t, root)).SelectMany(t => t.GetMembers().OfType<IMethodSymbol>()).Where(m => Flow(m) is not null))
            Refuse(method, "EC0005", $"[Flow] on {method.ContainingType.Name}.{method.Name} has no effect: flows belong to the class that derives from RoutingLogic.");
        if (logics.Count == 0)
        {
            report(null, "EC0001", "There is no routing logic: one class must derive from RoutingLogic.");
            return null;
        }

        if (logics.Count > 1)
        {
            foreach (var extra in logics)
                Refuse(extra, "EC0002", $"{logics.Count} classes derive from RoutingLogic ({string.Join(", ", logics.Select(l => l.Name))}); exactly one may.");
            return null;
        }

        var logic = logics[0];
        if (logic.IsGenericType || logic.ContainingType is not null)
            Refuse(logic, "EC0003", $"{logic.Name} must be neither generic nor nested in another class.");
        if (!logic.InstanceConstructors.Any(c => c.Parameters.IsEmpty))
            Refuse(logic, "EC0003", $"{logic.Name} needs a constructor without parameters: all it may use is in conv.");

        var flows = new Dictionary<string, IMethodSymbol>(StringComparer.Ordinal);
        for (var type = logic; type is not null && !SymbolEqualityComparer.Default.Equals(type, root); type = type.BaseType)
        {
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (Flow(method) is not { } name)
                    continue;
                if (!IsFlowMethod(method))
                    Refuse(method, "EC0006", $"The flow '{name}' must be 'Decision {method.Name}(Conversation conv)': one parameter, not static, not generic.");
                else if (name.Length is 0 or > 128 || name.Any(char.IsControl))
                    Refuse(method, "EC0006", $"{method.Name} needs a flow name of 1 to 128 characters.");
                else if (name is "start" or "default")
                    Refuse(method, "EC0006", $"The flow name '{name}' is taken: 'start' stands for Start, 'default' for the configured default.");
                else if (!flows.TryAdd(name, method))
                    Refuse(method, "EC0007", $"Two methods are the flow '{name}': {flows[name].Name} and {method.Name}.");
            }
        }

        var start = Override("Start");
        var failed = Override("TransferFailed");
        var refer = Override("ReferRequested");
        return isRefused ? null : new LogicShape(logic, start, failed, refer, flows);

        IMethodSymbol Override(string name)
        {
            for (var type = logic; ; type = type.BaseType!)
            {
                if (type.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(m =>
                        m.Parameters.Length == 1 && (m.IsOverride || SymbolEqualityComparer.Default.Equals(type, root))) is { } method)
                    return method;
            }
        }

        string? Flow(IMethodSymbol method) =>
            method.GetAttributes().FirstOrDefault(a => SymbolEqualityComparer.Default.Equals(a.AttributeClass, flowAttribute)) is { } attribute
                ? attribute.ConstructorArguments.FirstOrDefault().Value as string ?? ""
                : null;

        bool IsFlowMethod(IMethodSymbol method) =>
            !method.IsStatic && !method.IsGenericMethod && method.Parameters.Length == 1
            && method.Parameters[0].RefKind == RefKind.None
            && SymbolEqualityComparer.Default.Equals(method.Parameters[0].Type, conversation)
            && SymbolEqualityComparer.Default.Equals(method.ReturnType, decision);

        void Refuse(ISymbol symbol, string id, string message)
        {
            isRefused = true;
            report(symbol.Locations.FirstOrDefault(), id, message);
        }
    }

    private static LogicPlace Place(IMethodSymbol method)
    {
        var place = method.Locations.FirstOrDefault(l => l.IsInSource)?.GetLineSpan();
        return new LogicPlace(
            method.ContainingType.MetadataName,
            $"{method.ContainingType.Name}.{method.Name}",
            method.Name,
            place?.Path ?? "",
            place?.StartLinePosition.Line + 1 ?? 0);
    }

    private static bool Derives(INamedTypeSymbol type, INamedTypeSymbol root)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, root))
                return true;
        }

        return false;
    }

    private static void Collect(INamespaceOrTypeSymbol place, List<INamedTypeSymbol> types)
    {
        foreach (var member in place.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
                types.Add(type);
            Collect(member, types);
        }
    }
}
