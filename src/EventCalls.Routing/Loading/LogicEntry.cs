using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace EventCalls.Routing.Loading;

/// <summary>What is called in a compiled logic class.</summary>
internal sealed record LogicEntry(
    string Name,
    Func<RoutingLogic> Create,
    LogicMethod Start,
    LogicMethod TransferFailed,
    LogicMethod ReferRequested,
    FrozenDictionary<string, LogicMethod> Flows)
{
    /// <summary>Finds the methods of a loaded class; the shape of the class has been checked on its source.</summary>
    public static LogicEntry Of(Assembly assembly, LogicShape shape)
    {
        var type = assembly.GetType(shape.MetadataName, throwOnError: true)!;
        var create = Expression.Lambda<Func<RoutingLogic>>(Expression.New(
            type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])!)).Compile();
        return new LogicEntry(
            shape.Name,
            create,
            Method(shape.Start),
            Method(shape.TransferFailed),
            Method(shape.ReferRequested),
            shape.Flows.ToFrozenDictionary(f => f.Key, f => Method(f.Value), StringComparer.Ordinal));

        LogicMethod Method(IMethodSymbol symbol)
        {
            var method = Declared(type, symbol);
            var logic = Expression.Parameter(typeof(RoutingLogic));
            var conv = Expression.Parameter(typeof(Conversation));
            var invoke = Expression.Lambda<Func<RoutingLogic, Conversation, Decision?>>(
                Expression.Call(Expression.Convert(logic, method.DeclaringType!), method, conv), logic, conv).Compile();
            var place = symbol.Locations.FirstOrDefault(l => l.IsInSource)?.GetLineSpan();
            return new LogicMethod(
                $"{symbol.ContainingType.Name}.{symbol.Name}", place?.Path ?? "", place?.StartLinePosition.Line + 1 ?? 0, invoke);
        }
    }

    private static MethodInfo Declared(Type type, IMethodSymbol symbol)
    {
        const BindingFlags Flags = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name == symbol.ContainingType.MetadataName && t.GetMethod(symbol.Name, Flags, [typeof(Conversation)]) is { } method)
                return method;
        }

        throw new MissingMethodException(type.FullName, symbol.Name);
    }
}
