using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading.Rules;

/// <summary>Refuses types that take the name of one of EventCalls' or the framework's, which what is inserted and the other rules go by.</summary>
internal static class ReservedNames
{
    public static void Check(Compilation compilation, IReadOnlyCollection<SyntaxTree> trees, Action<Location?, Advice, string> refuse)
    {
        foreach (var member in compilation.Assembly.GlobalNamespace.GetMembers().Where(m => m.Name is "EventCalls" or "System" or "Microsoft"))
        {
            foreach (var type in Types(member).Where(t => t.DeclaringSyntaxReferences.Any(r => trees.Contains(r.SyntaxTree))))
                refuse(type.Locations.FirstOrDefault(), Advice.Reserved, $"The type {type.ToDisplayString()} is not for routing logic");
        }
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol place) =>
        place is INamedTypeSymbol type ? [type] : ((INamespaceSymbol)place).GetMembers().SelectMany(Types);
}
