using System.Collections.Immutable;
using EventCalls.Contracts;
using EventCalls.Routing.Analyzers;
using EventCalls.Routing.Analyzers.Fixes;
using EventCalls.Routing.Loading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace EventCalls.Routing.Tests.Analyzers;

/// <summary>Logic in a project as an editor has it open: with the usings of its SDK in a file of their own, the analyzer, and the fixes.</summary>
internal static class EditorLogic
{
    /// <summary>What the analyzer says, as EventCalls says it.</summary>
    public static async Task<IReadOnlyList<LogicDiagnostic>> DiagnoseAsync(IEnumerable<LogicSource> sources)
    {
        var compilation = RegexGenerator.Run(
            (CSharpCompilation)(await Project(sources).GetCompilationAsync())!, LogicCompiler.ParseOptions, out _, CancellationToken.None);
        return [.. (await AnalyzeAsync(compilation)).Select(LogicDiagnostics.From).OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d => d.Column)];
    }

    /// <summary>Applies the first fix that is offered for the first diagnostic that has one; null when none is offered.</summary>
    public static async Task<(string Title, string Text)?> FixAsync(string text)
    {
        var project = Project([new LogicSource("logic.cs", text)]);
        var document = project.Documents.Single(d => d.Name == "logic.cs");
        foreach (var diagnostic in await AnalyzeAsync((await project.GetCompilationAsync())!))
        {
            var offered = new List<CodeAction>();
            await new LogicFixes().RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => offered.Add(action), CancellationToken.None));
            if (offered.Count == 0)
                continue;
            var applied = Assert.IsType<ApplyChangesOperation>(Assert.Single(await offered[0].GetOperationsAsync(CancellationToken.None)));
            return (offered[0].Title, (await applied.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString());
        }

        return null;
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation) =>
        await compilation.WithAnalyzers([new LogicAnalyzer()]).GetAnalyzerDiagnosticsAsync();

    private static Project Project(IEnumerable<LogicSource> sources)
    {
        var project = new AdhocWorkspace().AddProject("Routing", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
            .WithParseOptions(LogicCompiler.ParseOptions)
            .WithMetadataReferences(LogicReferences.All)
            .AddDocument("Routing.GlobalUsings.g.cs", SourceText.From(LogicCompiler.Usings), filePath: "/project/obj/Routing.GlobalUsings.g.cs").Project;
        foreach (var source in sources)
            project = project.AddDocument(source.Path, SourceText.From(source.Text), filePath: source.Path).Project;
        return project;
    }
}
