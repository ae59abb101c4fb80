using System.Collections.Immutable;
using System.Composition;
using EventCalls.Routing.Loading.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace EventCalls.Routing.Analyzers.Fixes;

/// <summary>Rewrites what the rules refuse where that is mechanical; it offers nothing that would not compile or that the rules refuse too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LogicFixes)), Shared]
public sealed class LogicFixes : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["EC1001", "EC1002", "EC1003", "EC1005", "EC1006", "EC1008"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var document = context.Document;
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root
            || await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            foreach (var (title, rewritten) in diagnostic.Id == "EC1005" ? StaticRewrite.At(node) : Rewrite.At(node, model).Select(r => (r.Title, (Func<SyntaxNode, SyntaxNode>)r.In)))
            {
                var changed = document.WithSyntaxRoot(rewritten(root));
                if (!await HoldsAsync(document, changed, diagnostic.Id, context.CancellationToken).ConfigureAwait(false))
                    continue;
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(changed), equivalenceKey: title), diagnostic);
                break;
            }
        }
    }

    // No new error of the compiler, and of this rule one place less.
    private static async Task<bool> HoldsAsync(Document before, Document after, string id, CancellationToken cancellationToken)
    {
        var (was, errorsBefore) = await LookAsync(before, id, cancellationToken).ConfigureAwait(false);
        var (now, errorsAfter) = await LookAsync(after, id, cancellationToken).ConfigureAwait(false);
        return errorsAfter <= errorsBefore && now < was;
    }

    private static async Task<(int Refused, int Errors)> LookAsync(Document document, string id, CancellationToken cancellationToken)
    {
        if (await document.Project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is not { } compilation
            || await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false) is not { } tree)
            return (0, 0);
        int refused = 0;
        LogicRules.Check(compilation, [tree], (_, found, _) => refused += found == id ? 1 : 0, isEveryPlaceSaid: true);
        return (refused, compilation.GetDiagnostics(cancellationToken).Count(d => d.Severity == DiagnosticSeverity.Error));
    }
}
