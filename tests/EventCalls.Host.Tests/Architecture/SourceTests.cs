using System.Text.RegularExpressions;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>What no source file may hold.</summary>
public partial class SourceTests
{
    private const int MostLinesOfARelative = 40;
    private const int MostLinesOfAFamily = 200;
    private const int MostLinesOfTheHost = 6600;

    [Fact]
    public void The_SIP_core_knows_no_socket()
    {
        var withSockets = from path in Repository.Sources("src/EventCalls.Sip")
                          where !path.StartsWith("src/EventCalls.Sip/Transport/", StringComparison.Ordinal)
                          where SocketUse().IsMatch(WithoutComments(Repository.Read(path)))
                          select path;
        Assert.Empty(withSockets);
    }

    // The clock, sleeping and blocking are refused by the build: src/BannedSymbols.txt. For this there is no rule.
    [Fact]
    public void Nothing_runs_unobserved()
    {
        var found = from path in Repository.Sources("src")
                    from Match use in UnobservedMethod().Matches(Text().Replace(WithoutComments(Repository.Read(path)), ""))
                    select $"{path}: {use.Value}";
        Assert.Empty(found);
    }

    // xunit 2 passes over IAsyncDisposable: what such a class started would outlive its tests.
    [Fact]
    public void Classes_of_tests_end_what_they_started_in_a_way_that_is_called()
    {
        var found = from path in Repository.Sources("tests")
                    from Match type in UncalledEnd().Matches(Repository.Read(path))
                    select $"{path}: {type.Value}";
        Assert.Empty(found);
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        var paths = Repository.Sources("src").Concat(Repository.Sources("tests")).ToList();
        var folders = from path in paths
                      from part in path.Split('/')[..^1]
                      from word in part.Split('.')
                      where EmptyWord().IsMatch(word)
                      select path;
        var types = from path in paths
                    from Match type in TypeDeclaration().Matches(Repository.Read(path))
                    where EmptyWord().IsMatch(type.Groups["name"].Value)
                    select $"{path}: {type.Groups["name"].Value}";
        Assert.Empty(folders);
        Assert.Empty(types);
    }

    [Fact]
    public void A_file_holds_one_type_that_stands_alone_or_a_family_of_small_ones()
    {
        var crowded = from path in Repository.Sources("src")
                      let text = Repository.Read(path)
                      let sizes = Sizes(text)
                      where sizes.Count > 1
                      where sizes.Count(size => size > MostLinesOfARelative) > 1 || sizes.Sum() > MostLinesOfAFamily
                      select $"{path}: public types of {string.Join(", ", sizes)} lines";
        Assert.Empty(crowded);
    }

    [Fact]
    public void The_host_is_command_line_configuration_composition_and_demo_and_no_more_than_that_takes()
    {
        int lines = Repository.Sources("src/EventCalls.Host").Sum(path => Repository.Read(path).AsSpan().Count('\n'));
        Assert.True(lines <= MostLinesOfTheHost, $"{lines} lines: what an API or a console would need too belongs into Replay, Simulation or another room.");
    }

    [Fact]
    public void No_test_is_skipped_and_nothing_is_left_to_do()
    {
        var found = from path in Repository.Sources("src").Concat(Repository.Sources("tests"))
                    where !path.EndsWith("Architecture/SourceTests.cs", StringComparison.Ordinal)
                    from Match use in Unfinished().Matches(Repository.Read(path))
                    select $"{path}: {use.Value}";
        Assert.Empty(found);
    }

    [Fact]
    public void What_peers_said_is_recorded_alike_of_a_call_and_of_a_capture()
    {
        // Contracts and Sip do not know each other, nor do the two rooms that know both: what cannot be shared is held together here.
        static string[] Body(string path) => [.. Repository.Read(path).Split('\n').SkipWhile(line => line != "{")];

        Assert.Equal(Body("src/EventCalls.Telephony/Calls/Evidence.cs"), Body("src/EventCalls.Import/Calls/CapturedEvidence.cs"));
    }

    [Theory]
    [InlineData("CallManager", true)]
    [InlineData("SipHelpers", true)]
    [InlineData("Utils", true)]
    [InlineData("CommonTypes", true)]
    [InlineData("SipCore", true)]
    [InlineData("ScoredCall", false)]
    [InlineData("Recorder", false)]
    [InlineData("Telephony", false)]
    public void A_word_that_says_nothing_is_found(string name, bool empty) => Assert.Equal(empty, EmptyWord().IsMatch(name));

    // The lines from one public type to the next.
    private static List<int> Sizes(string text)
    {
        var starts = PublicType().Matches(text).Select(m => m.Index).Append(text.Length).ToList();
        return [.. starts.Zip(starts.Skip(1), (from, to) => text.AsSpan(from, to - from).Count('\n'))];
    }

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    // AddressFamily says IPv4 or IPv6 of an address and is no socket; DnsClient has sockets of its own.
    [GeneratedRegex(@"class \w+Tests\b[^{;]*\bIAsyncDisposable\b")]
    private static partial Regex UncalledEnd();

    [GeneratedRegex(@"\bDnsClient\b|System\.Net\.Sockets(?!\.AddressFamily\b)|\bnew (Udp|Tcp)(Client|Listener)\b|\bnew Socket\b")]
    private static partial Regex SocketUse();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex UnobservedMethod();

    [GeneratedRegex(@"(?<![A-Z])(Managers?|Helpers?|Util(itie)?s?|Common|Core)(?![a-z])")]
    private static partial Regex EmptyWord();

    [GeneratedRegex(@"\b(class|struct|record|record struct|interface|enum) (?<name>[A-Z]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^public [\w ]*?\b(class|struct|record|interface|enum|delegate)\b", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|NotImplementedException|\bSkip ?= ?""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(\\\\.|[^\"\\\\\\n])*\"")]
    private static partial Regex Text();
}
