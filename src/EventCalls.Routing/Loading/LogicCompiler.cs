using System.Globalization;
using System.Text;
using EventCalls.Contracts;
using EventCalls.Routing.Loading.CheckPoints;
using EventCalls.Routing.Loading.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace EventCalls.Routing.Loading;

/// <summary>Compiles routing logic into memory.</summary>
/// <remarks>The first compilation of a process takes one to two seconds, later ones about a tenth; never compile in the path of a call.</remarks>
public static class LogicCompiler
{
    internal const string UsingsPath = "(usings)";

    private const int MaxDiagnostics = 200;
    private const int ParserStack = 1 << 20;
    private const int CompilerStack = 64 << 20;

    internal static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.None);

    // Nested without measure, a few short lines can keep the compiler busy for ever.
    internal static TimeSpan CompileLimit { get; } = TimeSpan.FromMinutes(1);

    // The usings of an ordinary SDK project, and the routing API. An alias wins over a namespace, so that Handoff stays
    // the builder in a file that also says "using EventCalls.Contracts".
    internal const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using EventCalls.Routing;
        global using Handoff = EventCalls.Routing.Handoff;
        global using TransferOutcome = EventCalls.Contracts.TransferOutcome;
        global using HandoffMethod = EventCalls.Contracts.HandoffMethod;
        """;

    private static readonly CSharpCompilationOptions s_options = new CSharpCompilationOptions(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        deterministic: true,
        concurrentBuild: false,
        nullableContextOptions: NullableContextOptions.Enable,
        checkOverflow: false,
        allowUnsafe: false);

    /// <summary>Compiles sources to logic that can decide, or says what is wrong.</summary>
    public static LogicCheck Compile(IReadOnlyList<LogicSource> sources, CancellationToken cancellationToken = default) =>
        Compile(sources, CompileLimit, cancellationToken);

    /// <summary>Without the rules for routing logic: what happens when something gets past them can only be shown so.</summary>
    internal static LogicCheck CompileUnguarded(IReadOnlyList<LogicSource> sources) => Compile(sources, CompileLimit, CancellationToken.None, isGuarded: false);

    internal static LogicCheck Compile(IReadOnlyList<LogicSource> sources, TimeSpan limit, CancellationToken cancellationToken, bool isGuarded = true)
    {
        var check = CompileOnly(sources, limit, cancellationToken, isGuarded);
        return check.Logic is { } logic ? Load(logic) : check;
    }

    /// <summary>Loads what was compiled: runs what initializes its static fields, and compiles it to machine code.</summary>
    internal static LogicCheck Load(CompiledLogic logic)
    {
        try
        {
            // The runtime's loader may go deep as well.
            var (loaded, error) = StackOfItsOwn.Run(CompilerStack, CompileLimit, () => (LoadedLogic.Load(logic.Version, logic.Image, out var error), error));
            return loaded is null
                ? new LogicCheck { Version = logic.Version, Diagnostics = [error!] }
                : Check(new CompiledLogic(logic.Version, logic.Sources, logic.Image, loaded));
        }
        catch (TimeoutException)
        {
            return TakesTooLong(logic.Version, CompileLimit, "load");
        }
    }

    /// <summary>Compiles and runs nothing of it: the logic can be given to a decider.</summary>
    internal static LogicCheck CompileOnly(IReadOnlyList<LogicSource> sources, TimeSpan limit, CancellationToken cancellationToken, bool isGuarded = true)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var sorted = sources.OrderBy(s => s.Path, StringComparer.Ordinal).ToArray();
        string version = sorted.Length == 0 ? LogicVersionName.None : LogicVersion.Of(sorted);
        var diagnostics = new List<LogicDiagnostic>();
        if (sorted.Length == 0)
            diagnostics.Add(new LogicDiagnostic("", 0, 0, "EC0001", "There is no routing logic: no *.cs file."));
        diagnostics.AddRange(sorted.Select(NestingCheck.Find).OfType<LogicDiagnostic>());
        try
        {
            var logic = diagnostics.Count > 0 ? null : Compile(version, sorted, limit, isGuarded, diagnostics, cancellationToken);
            if (logic is not null)
                return Check(logic);
        }
        catch (TimeoutException)
        {
            return TakesTooLong(version, limit, "compile");
        }
        catch (InsufficientExecutionStackException)
        {
            diagnostics.Add(new LogicDiagnostic("", 0, 0, "EC0008", "The sources are nested too deeply to be compiled."));
        }

        return new LogicCheck { Version = version, Diagnostics = [.. diagnostics.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d => d.Column).Take(MaxDiagnostics)] };
    }

    private static LogicCheck TakesTooLong(string version, TimeSpan limit, string what) => new()
    {
        Version = version,
        Diagnostics = [new LogicDiagnostic("", 0, 0, "EC0011", $"The sources take longer than {limit.TotalSeconds:0} s to {what}.")],
    };

    private static LogicCheck Check(CompiledLogic logic) => new() { Version = logic.Version, Flows = logic.Flows, Logic = logic };

    // The parser refuses what is nested too deeply for its stack; what comes after it does not always look, so that it gets a stack which
    // is enough for any depth that is let through.
    private static CompiledLogic? Compile(
        string version, LogicSource[] sources, TimeSpan limit, bool isGuarded, List<LogicDiagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var trees = StackOfItsOwn.Run(ParserStack, limit, () => sources
            .Select(s => CSharpSyntaxTree.ParseText(SourceText.From(s.Text, Encoding.UTF8), ParseOptions, s.Path, cancellationToken))
            .Append(CSharpSyntaxTree.ParseText(SourceText.From(Usings, Encoding.UTF8), ParseOptions, UsingsPath, cancellationToken))
            .ToArray());
        diagnostics.AddRange(trees.Select(NestingCheck.Find).OfType<LogicDiagnostic>());
        if (diagnostics.Count > 0)
            return null;
        return StackOfItsOwn.Run(CompilerStack, limit, () => Compile(version, sources, trees, isGuarded, diagnostics, cancellationToken));
    }

    private static CompiledLogic? Compile(
        string version, LogicSource[] sources, SyntaxTree[] trees, bool isGuarded, List<LogicDiagnostic> diagnostics, CancellationToken cancellationToken)
    {
        // On a thread of its own. A generated regular expression that ignores case goes by the culture it is generated in.
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var written = CSharpCompilation.Create($"EventCalls.Logic.{version[7..23]}", trees, LogicReferences.All, s_options);
        var compilation = RegexGenerator.Run(written, ParseOptions, out var generated, cancellationToken);
        diagnostics.AddRange(compilation.GetDiagnostics(cancellationToken).Concat(generated)
            .Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(LogicDiagnostics.From));
        if (diagnostics.Count > 0)
            return null;
        if (isGuarded)
            LogicRules.Check(compilation, [.. trees.Where(t => t.FilePath != UsingsPath)], Refuse);
        var shape = LogicShape.Find(compilation, Refuse);
        return shape is null || diagnostics.Count > 0 ? null : Emit(version, sources, compilation, shape, diagnostics, cancellationToken);

        void Refuse(Location? location, string id, string message) => diagnostics.Add(LogicDiagnostics.At(location, id, message));
    }

    private static CompiledLogic? Emit(
        string version,
        LogicSource[] sources,
        CSharpCompilation compilation,
        LogicShape shape,
        List<LogicDiagnostic> diagnostics,
        CancellationToken cancellationToken)
    {
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = WithCheckPoints(compilation).Emit(
            code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        if (!emitted.Success)
        {
            diagnostics.AddRange(emitted.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(LogicDiagnostics.From));
            return null;
        }

        return new CompiledLogic(version, sources, new LogicImage(shape.ToOutline(), code.ToArray(), symbols.ToArray()), loaded: null);
    }

    private static CSharpCompilation WithCheckPoints(CSharpCompilation compilation)
    {
        var result = compilation;
        foreach (var tree in compilation.SyntaxTrees)
        {
            var root = new CheckPointRewriter(compilation.GetSemanticModel(tree)).Visit(tree.GetRoot())!;
            result = result.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, tree.Options));
        }

        return result;
    }
}
