using System.Collections.Immutable;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EventCalls.Routing.Loading;

/// <summary>Runs the .NET SDK's generator of regular expressions, which writes what <c>[GeneratedRegex]</c> stands for.</summary>
/// <remarks>
/// The generator is embedded when this assembly is built, since where logic is compiled there is no SDK. What it writes gets check points like
/// any other code, so that a pattern that goes back and forth without end is stopped too.
/// </remarks>
internal static class RegexGenerator
{
    private const string Name = "System.Text.RegularExpressions.Generator";

    private static readonly Lazy<ISourceGenerator> s_generator = new(Load);

    /// <summary>The compilation with what was generated; the same one when there is nothing to generate.</summary>
    public static CSharpCompilation Run(CSharpCompilation compilation, CSharpParseOptions parse, out ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        diagnostics = [];
        if (!compilation.SyntaxTrees.Any(t => t.ToString().Contains("GeneratedRegex", StringComparison.Ordinal)))
            return compilation;
        CSharpGeneratorDriver
            .Create([s_generator.Value], parseOptions: parse)
            .RunGeneratorsAndUpdateCompilation(compilation, out var updated, out diagnostics, cancellationToken);
        return (CSharpCompilation)updated;
    }

    private static ISourceGenerator Load()
    {
        using var stream = typeof(RegexGenerator).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} was not embedded when EventCalls.Routing was built.");
        var assembly = new AssemblyLoadContext(Name).LoadFromStream(stream);
        return ((IIncrementalGenerator)Activator.CreateInstance(assembly.GetType($"{Name}.RegexGenerator", throwOnError: true)!)!).AsSourceGenerator();
    }
}
