using System.Text;
using EventCalls.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace EventCalls.Routing.Loading;

/// <summary>Finds the destinations that logic hands calls off to by a name that is known before it runs, and that are not configured.</summary>
public static class DestinationUse
{
    /// <summary>What a destination that is not configured is reported as.</summary>
    public const string Id = "EC0015";

    /// <summary>The places where a destination is named that is not among those configured; one whose name is made up as the logic runs is passed over.</summary>
    /// <param name="sources">Logic that compiles.</param>
    /// <param name="known">The names of the destinations that are configured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static IReadOnlyList<LogicDiagnostic> Unknown(IReadOnlyList<LogicSource> sources, IReadOnlyCollection<string> known, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(known);
        var trees = sources
            .Select(s => CSharpSyntaxTree.ParseText(SourceText.From(s.Text, Encoding.UTF8), LogicCompiler.ParseOptions, s.Path, cancellationToken))
            .Append(CSharpSyntaxTree.ParseText(LogicCompiler.Usings, LogicCompiler.ParseOptions, LogicCompiler.UsingsPath, cancellationToken: cancellationToken)).ToList();
        var compilation = CSharpCompilation.Create("EventCalls.Logic.Destinations", trees, LogicReferences.All, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var found = new List<LogicDiagnostic>();
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var call in tree.GetRoot(cancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (NameIn(call, model, cancellationToken) is { } named && !known.Contains(named.Name))
                    found.Add(LogicDiagnostics.At(named.Place, Id, Sentence(named.Name, known)));
            }
        }
        return found;
    }

    private static (string Name, Location Place)? NameIn(InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { Name: nameof(Conversation.CallHandoff), ContainingType: { Name: nameof(Conversation), ContainingAssembly.Name: "EventCalls.Routing" } } method)
            return null;
        var argument = call.ArgumentList.Arguments.FirstOrDefault(a => a.NameColon?.Name.Identifier.ValueText == method.Parameters[0].Name)
            ?? call.ArgumentList.Arguments.FirstOrDefault(a => a.NameColon is null);
        if (argument is null || (argument.NameColon is null && call.ArgumentList.Arguments.IndexOf(argument) != 0))
            return null;
        return model.GetConstantValue(argument.Expression, cancellationToken) is { HasValue: true, Value: string name } ? (name, argument.GetLocation()) : null;
    }

    private static string Sentence(string name, IReadOnlyCollection<string> known) =>
        $"There is no handoff destination '{PlainText.Of(name)}'; "
        + (known.Count == 0 ? "none is configured (EventCalls:Handoffs)."
            : Spelling.Nearest(name, known) is { } near ? $"did you mean '{near}'? T{Spelling.Known(known)[1..]} (EventCalls:Handoffs)."
            : $"{Spelling.Known(known)} (EventCalls:Handoffs).");
}
