using System.Collections.Immutable;
using EventCalls.Routing.Loading;
using EventCalls.Routing.Loading.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace EventCalls.Routing.Analyzers;

/// <summary>Shows in an editor and a build what EventCalls would refuse of routing logic: the same rules, from the same sources.</summary>
/// <remarks>It looks at projects that have a class which derives from <c>RoutingLogic</c>; tests of logic, in a project of their own, may do what they like.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LogicAnalyzer : DiagnosticAnalyzer
{
    private static readonly Dictionary<string, DiagnosticDescriptor> s_rules = LogicRuleTitles.All.ToDictionary(
        rule => rule.Id, rule => new DiagnosticDescriptor(rule.Id, rule.Title, "{0}", "EventCalls.Routing", DiagnosticSeverity.Error, isEnabledByDefault: true), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. s_rules.Values];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        if (!LogicShape.IsThereAny(context.Compilation))
            return;

        // The rules look at all files together, and what they say of one shows as soon as that one is looked at.
        var (compilation, options) = (context.Compilation, context.Options.AnalyzerConfigOptionsProvider);
        var found = new Lazy<ILookup<SyntaxTree, Diagnostic>>(() => Find(compilation, options, context.CancellationToken).ToLookup(d => d.Location.SourceTree!));
        context.RegisterSemanticModelAction(file =>
        {
            foreach (var diagnostic in found.Value[file.SemanticModel.SyntaxTree])
                file.ReportDiagnostic(diagnostic);
        });
    }

    private static List<Diagnostic> Find(Compilation compilation, AnalyzerConfigOptionsProvider options, CancellationToken cancellationToken)
    {
        var found = new List<Diagnostic>();
        var trees = compilation.SyntaxTrees.Where(tree => !IsGenerated(tree, options)).ToList();
        foreach (var tree in trees)
        {
            if (Nesting.LineOf(tree.GetText(cancellationToken).ToString()) is { } line)
                Report(Location.Create(tree, tree.GetText(cancellationToken).Lines[line - 1].Span), Nesting.RuleId, Nesting.TooManyBrackets);
            else
                Report(Nesting.PlaceIn(tree), Nesting.RuleId, Nesting.TooDeep);
        }
        // As with EventCalls: nothing else is looked at there.
        if (found.Count > 0)
            return found;
        LogicRules.Check(compilation, trees, Report);
        LogicShape.Find(compilation, Report);
        return found;

        void Report(Location? location, string id, string message)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (location is { SourceTree: not null })
                found.Add(Diagnostic.Create(s_rules[id], location, message));
        }
    }

    // What the SDK writes into obj, and what generators add.
    private static bool IsGenerated(SyntaxTree tree, AnalyzerConfigOptionsProvider options)
    {
        string name = tree.FilePath.Replace('\\', '/');
        return name.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".g.i.cs", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".designer.cs", StringComparison.OrdinalIgnoreCase)
            || name.Contains("/obj/") || (options.GetOptions(tree).TryGetValue("generated_code", out string? said) && said == "true");
    }
}
