using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using EventCalls.Routing.Limits;

namespace EventCalls.Routing.Loading;

/// <summary>Loads all types of compiled logic, initializes them, and compiles them to machine code, before a call needs them.</summary>
internal static class LogicPreparation
{
    private const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly TimeSpan s_staticLimit = TimeSpan.FromSeconds(5);

    /// <summary>What of the assembly the runtime does not take; null when nothing.</summary>
    public static LogicDiagnostic? Run(Assembly assembly)
    {
        try
        {
            // What the compiler takes the runtime need not: a class that derives from itself by way of ever longer type arguments.
            var types = assembly.GetTypes().Where(t => !t.ContainsGenericParameters).ToList();
            return types.Select(StaticError).FirstOrDefault(e => e is not null) ?? types.Select(CompileError).FirstOrDefault(e => e is not null);
        }
        catch (ReflectionTypeLoadException e)
        {
            return Unloadable(e.LoaderExceptions.FirstOrDefault(inner => inner is not null) ?? e);
        }
    }

    // A type whose static initializer failed once fails for ever: better to know now than with the first call.
    private static LogicDiagnostic? StaticError(Type type)
    {
        if (type.TypeInitializer is null)
            return null;
        // As decisions are taken: what is made here once must not depend on the machine's culture.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CheckPoint.Begin(Stopwatch.GetTimestamp(), s_staticLimit, allocationLimit: 1L << 30);
        try
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            return null;
        }
        catch (TypeInitializationException e)
        {
            string what = e.InnerException is { } inner and not LogicOverrunException
                ? $"threw {inner.GetType().Name}: {inner.Message}"
                : $"ran over {s_staticLimit.TotalSeconds:0} s";
            return new LogicDiagnostic("", 0, 0, "EC0010", $"What initializes the static fields of {type.Name} {what}.");
        }
        catch (Exception e) when (IsOfLoading(e))
        {
            return Unloadable(e);
        }
        finally
        {
            CheckPoint.End();
        }
    }

    private static LogicDiagnostic? CompileError(Type type)
    {
        // The runtime itself implements the methods of delegates.
        if (typeof(Delegate).IsAssignableFrom(type))
            return null;
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            if (method.IsAbstract || method.ContainsGenericParameters || method.MethodImplementationFlags.HasFlag(MethodImplAttributes.Runtime))
                continue;
            try
            {
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
            catch (Exception e) when (IsOfLoading(e))
            {
                return Unloadable(e);
            }
        }

        return null;
    }

    private static bool IsOfLoading(Exception e) =>
        e is TypeLoadException or ReflectionTypeLoadException or BadImageFormatException or FileLoadException or FileNotFoundException
            or InvalidProgramException or MissingMemberException or NotSupportedException;

    private static LogicDiagnostic Unloadable(Exception e) =>
        new("", 0, 0, "EC0012", $"The runtime cannot load all types of the sources ({e.Message}); write the type it names without itself in its base class or type arguments.");
}
