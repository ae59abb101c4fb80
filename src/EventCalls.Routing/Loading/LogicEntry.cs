using System.Collections.Frozen;
using System.Reflection;

namespace EventCalls.Routing.Loading;

/// <summary>What is called in a loaded logic class.</summary>
internal sealed record LogicEntry(
    Func<RoutingLogic> Create,
    LogicMethod Start,
    LogicMethod TransferFailed,
    LogicMethod ReferRequested,
    FrozenDictionary<string, LogicMethod> Flows)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly MethodInfo s_open = typeof(LogicEntry).GetMethod(nameof(Open), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Finds the methods of a loaded class; the shape of the class has been checked on its source.</summary>
    public static LogicEntry Of(Assembly assembly, LogicOutline outline)
    {
        var type = assembly.GetType(outline.TypeName, throwOnError: true)!;
        var constructor = ConstructorInvoker.Create(
            type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])!);
        return new LogicEntry(
            () => (RoutingLogic)constructor.Invoke(),
            Method(outline.Start),
            Method(outline.TransferFailed),
            Method(outline.ReferRequested),
            outline.Flows.ToFrozenDictionary(f => f.Key, f => Method(f.Value), StringComparer.Ordinal));

        LogicMethod Method(LogicPlace place)
        {
            var method = Find(type, place);
            var invoke = (Func<RoutingLogic, Conversation, Decision?>)s_open.MakeGenericMethod(method.DeclaringType!).Invoke(null, [method])!;
            return new LogicMethod(place.Name, place.File, place.Line, invoke);
        }
    }

    // A delegate and no compiled expression: that would be made anew, slowly, in every process that loads the logic.
    private static Func<RoutingLogic, Conversation, Decision?> Open<T>(MethodInfo method)
        where T : RoutingLogic
    {
        var open = method.CreateDelegate<Func<T, Conversation, Decision?>>();
        return (logic, conv) => open((T)logic, conv);
    }

    private static MethodInfo Find(Type type, LogicPlace place)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name == place.DeclaringType && t.GetMethod(place.Method, Declared, [typeof(Conversation)]) is { } method)
                return method;
        }

        throw new MissingMethodException(type.FullName, place.Method);
    }
}
