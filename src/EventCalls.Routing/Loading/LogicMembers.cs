using EventCalls.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EventCalls.Routing.Loading;

/// <summary>The members of a version's sources, and which of them a decision may have gone through.</summary>
/// <remarks>What a member uses is told by names alone, without a compilation: a name that two members have stands for both, so rather too much is found than too little.</remarks>
public sealed class LogicMembers
{
    private readonly List<Member> _members = [];
    private readonly ILookup<string, Member> _byName;
    private readonly List<Member> _flows;

    /// <param name="sources">The version's sources; what does not parse is read as far as it can be.</param>
    public LogicMembers(IReadOnlyList<LogicSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        foreach (var source in sources)
        {
            foreach (var node in CSharpSyntaxTree.ParseText(source.Text).GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>())
            {
                if (node is not (BaseNamespaceDeclarationSyntax or EnumDeclarationSyntax))
                    _members.Add(Member.Of(source.Path, node));
            }
        }
        _byName = _members.SelectMany(m => m.Names.Select(name => (name, m))).ToLookup(m => m.name, m => m.m, StringComparer.Ordinal);
        _flows = [.. _members.Where(m => m.FlowWords.Count > 0)];
    }

    /// <summary>The lines that a decision may have gone through: those of the method that is asked first, of the one that decided, of flows on the way from one to the other, and of all that these use.</summary>
    /// <param name="file">The file in which it was decided; null when that is not known.</param>
    /// <param name="line">The line, from 1; null when that is not known.</param>
    /// <param name="retry">0 for a call's first decision, n for the one after the n-th failed handoff.</param>
    public IReadOnlyList<LogicLines> Through(string? file, int? line, int retry)
    {
        var deciding = _members.Where(m => m.Lines.File == file && line is { } at && m.Lines.Has(file, at)).ToList();
        var entry = _byName[retry == 0 ? "Start" : "TransferFailed"].ToList();
        var on = Reached(entry, byFlows: true).Where(m => m.FlowWords.Count > 0 && Reached([m], byFlows: true).Overlaps(deciding));
        return [.. Reached([.. entry, .. deciding, .. on], byFlows: false).Select(m => m.Lines)];
    }

    private HashSet<Member> Reached(IReadOnlyList<Member> from, bool byFlows)
    {
        var reached = from.ToHashSet();
        var open = new Queue<Member>(reached);
        while (open.TryDequeue(out var member))
        {
            var next = member.Uses.SelectMany(name => _byName[name]);
            foreach (var used in byFlows ? next.Concat(_flows.Where(f => f.FlowWords.Overlaps(member.Words))) : next)
            {
                if (reached.Add(used))
                    open.Enqueue(used);
            }
        }
        return reached;
    }

    /// <param name="Lines">Where it stands.</param>
    /// <param name="Names">What it is named by; a constructor or operator by its type.</param>
    /// <param name="Uses">All names in it.</param>
    /// <param name="Words">All names and texts in it: by some of them it goes to flows.</param>
    /// <param name="FlowWords">The text or the constant that names it as a flow; empty when it is none.</param>
    private sealed record Member(LogicLines Lines, IReadOnlyList<string> Names, HashSet<string> Uses, HashSet<string> Words, HashSet<string> FlowWords)
    {
        // Members are told apart by being themselves; their sets say nothing of that.
        public bool Equals(Member? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

        public static Member Of(string file, MemberDeclarationSyntax node)
        {
            var type = node as TypeDeclarationSyntax;
            // Of a type only its head is its own.
            var tokens = type is { OpenBraceToken.RawKind: not 0 } ? node.DescendantTokens().TakeWhile(t => t != type.OpenBraceToken).ToList() : [.. node.DescendantTokens()];
            int LineOf(SyntaxToken token, bool end)
            {
                var span = token.GetLocation().GetLineSpan();
                return (end ? span.EndLinePosition : span.StartLinePosition).Line + 1;
            }
            var flow = node.AttributeLists.SelectMany(l => l.Attributes).FirstOrDefault(a => a.Name.ToString() is "Flow" or "FlowAttribute")?.ArgumentList;
            return new Member(
                tokens.Count == 0 ? new LogicLines(file, 0, 0) : new LogicLines(file, LineOf(tokens[0], end: false), LineOf(tokens[^1], end: true)),
                NamesOf(node),
                WordsOf(tokens, isTextToo: false),
                WordsOf(tokens, isTextToo: true),
                flow is null ? [] : WordsOf(flow.DescendantTokens(), isTextToo: true));
        }

        private static HashSet<string> WordsOf(IEnumerable<SyntaxToken> tokens, bool isTextToo) =>
            tokens.Where(t => t.IsKind(SyntaxKind.IdentifierToken) || (isTextToo && t.IsKind(SyntaxKind.StringLiteralToken))).Select(t => t.ValueText).ToHashSet(StringComparer.Ordinal);

        private static IReadOnlyList<string> NamesOf(MemberDeclarationSyntax node) => node switch
        {
            MethodDeclarationSyntax method => [method.Identifier.ValueText],
            PropertyDeclarationSyntax property => [property.Identifier.ValueText],
            BaseFieldDeclarationSyntax field => [.. field.Declaration.Variables.Select(v => v.Identifier.ValueText)],
            EnumMemberDeclarationSyntax value => [value.Identifier.ValueText],
            DelegateDeclarationSyntax type => [type.Identifier.ValueText],
            BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
            { Parent: BaseTypeDeclarationSyntax type } => [type.Identifier.ValueText],
            _ => [],
        };
    }
}

/// <summary>Lines of a file, from 1, the last one among them.</summary>
/// <param name="File">The file, as the logic's folder has it.</param>
/// <param name="First">The first line.</param>
/// <param name="Last">The last one.</param>
public readonly record struct LogicLines(string File, int First, int Last)
{
    /// <summary>Whether a line of a file is among them.</summary>
    public bool Has(string? file, int line) => line >= First && line <= Last && file == File;
}
