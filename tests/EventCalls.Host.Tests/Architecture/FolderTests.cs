using System.Text.RegularExpressions;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>Which folder of a room may know which: each those named beside it, all of which stand above it.</summary>
public partial class FolderTests
{
    private static readonly Dictionary<string, (string Folder, string[] Knows)[]> s_mayKnow = new()
    {
        ["Sip"] =
        [
            ("Messages", []),
            ("Parsing", ["Messages"]),
            ("Sdp", ["Messages"]),
            ("Authentication", ["Messages"]),
            ("Facts", ["Messages"]),
            ("Extensions", ["Messages"]),
            ("Transactions", ["Messages", "Parsing"]),
            ("Resolving", ["Transactions"]),
            ("Tracing", ["Messages", "Facts", "Transactions"]),
            ("Dialogs", ["Messages", "Parsing", "Authentication", "Extensions", "Transactions", "Tracing"]),
            ("Extensions/Replaces", ["Messages", "Dialogs"]),
            ("Extensions/DigestServer", ["Messages", "Authentication"]),
            ("Extensions/Identity", ["Messages", "Facts"]),
            ("Extensions/Refer", ["Extensions/Replaces", "Messages", "Authentication", "Facts", "Transactions", "Dialogs"]),
            ("Extensions/Reliable", ["Messages", "Authentication", "Transactions", "Dialogs"]),
            ("Extensions/SessionTimers", ["Messages", "Transactions", "Dialogs"]),
            ("Transport", ["Messages", "Parsing", "Resolving", "Transactions", "Tracing", "Dialogs"]),
        ],
        ["Media"] =
        [
            ("Rtp", []),
            ("Audio", []),
            ("Ice", []),
            ("Srtp", ["Rtp"]),
            ("Dtls", ["Srtp"]),
            ("Recording", ["Rtp", "Audio"]),
            ("Relay", ["Rtp", "Audio", "Ice", "Srtp", "Dtls", "Recording"]),
            ("Monitoring", ["Rtp", "Audio", "Recording", "Relay"]),
            ("Sessions", ["Rtp", "Audio", "Ice", "Srtp", "Dtls", "Recording", "Relay", "Monitoring"]),
            ("Rtpengine", ["Audio", "Sessions"]),
        ],
        ["Telephony"] =
        [
            ("Configuration", []),
            ("Dialling", []),
            ("Trunks", ["Configuration", "Dialling"]),
            ("Trust", ["Configuration", "Trunks"]),
            ("Calls", ["Configuration", "Dialling", "Trunks", "Trust"]),
            ("Transfers", ["Configuration", "Dialling", "Trunks", "Calls"]),
            ("Ingress", ["Configuration", "Trunks", "Trust", "Calls", "Transfers"]),
            ("Checks", ["Configuration", "Trunks"]),
        ],
        ["Routing"] =
        [
            ("Limits", []),
            ("Lookups", []),
            ("Decisions", []),
            ("Destinations", ["Lookups", "Decisions"]),
            ("Loading", ["Limits"]),
            ("Deciding", ["Limits", "Lookups", "Decisions", "Loading"]),
            ("Fetching", ["Lookups", "Decisions", "Loading", "Deciding"]),
            ("Values", ["Lookups", "Loading"]),
            ("Deciders", ["Limits", "Lookups", "Loading", "Deciding", "Fetching", "Values"]),
            ("Canary", ["Loading", "Deciding"]),
            ("Webhook", ["Decisions", "Loading", "Deciding"]),
            ("Kit", ["Lookups", "Decisions", "Destinations", "Loading", "Deciding"]),
            ("Consumers", []),
        ],
        ["Bus"] =
        [
            ("Serialization", []),
            ("Topology", ["Serialization"]),
            ("Sending", ["Topology"]),
            ("Commands", ["Serialization", "Topology"]),
            ("Queues", ["Topology"]),
            ("Journal", []),
            ("Outage", ["Journal", "Topology"]),
        ],
        ["Store"] =
        [
            ("Appending", []),
            ("Keeping", []),
            ("Notifying", []),
            ("Statistics", []),
            ("Steering", []),
            ("Recording", []),
            ("Spooling", ["Recording"]),
            ("Sqlite", ["Appending", "Keeping", "Notifying", "Statistics", "Steering"]),
            ("Checks", ["Spooling"]),
        ],
        ["Replay"] =
        [
            ("Calls", []),
            ("Past", ["Calls"]),
            ("Choosing", ["Past"]),
            ("Gate", ["Calls", "Choosing"]),
            ("Comparing", ["Calls", "Gate"]),
            ("Deciding", ["Calls", "Comparing", "Past"]),
            ("Audit", []),
            ("Histories", ["Audit", "Choosing", "Past"]),
            ("Explaining", ["Audit", "Calls"]),
            ("Reports", ["Audit", "Calls", "Explaining", "Gate"]),
            ("Resuming", ["Calls", "Gate", "Reports"]),
            ("Canary", []),
            ("Nightly", ["Calls", "Choosing"]),
            ("Shadow", ["Choosing", "Reports", "Resuming"]),
        ],
        ["Marten"] =
        [
            ("Connections", []),
            ("Schema", ["Connections"]),
            ("Reading", ["Connections", "Schema"]),
            ("Appending", ["Connections", "Reading"]),
            ("Keeping", ["Appending", "Connections", "Reading"]),
            ("Notifying", ["Connections"]),
            ("Steering", ["Connections"]),
        ],
        ["Import"] =
        [
            ("Captures", []),
            ("Calls", ["Captures"]),
            ("Csv", ["Captures", "Calls"]),
        ],
        ["Simulation"] =
        [
            ("Network", []),
            ("Peers", ["Network"]),
            ("Forks", ["Network", "Peers"]),
            ("Outages", ["Forks"]),
            ("Sipp", ["Forks", "Peers"]),
            ("Live", []),
        ],
        ["Console"] =
        [
            ("Problems", []),
            ("Following", []),
            ("Jobs", ["Problems"]),
            ("Security", ["Problems"]),
            ("Connections", ["Security"]),
            ("Queries", ["Problems"]),
            ("Health", ["Queries", "Security"]),
            ("Calls", ["Problems", "Queries", "Security"]),
            ("Recordings", ["Problems", "Queries", "Security", "Calls"]),
            ("Live", ["Following", "Problems", "Queries", "Security"]),
            ("Commands", ["Problems", "Queries", "Security", "Calls"]),
            ("Logic", ["Problems", "Queries", "Security", "Commands"]),
            ("Values", ["Problems", "Queries", "Security", "Commands"]),
            ("Figures", ["Problems", "Queries", "Security"]),
            ("DeadLetters", ["Problems", "Queries", "Security"]),
            ("Queues", ["Problems", "Queries", "Security", "Commands", "DeadLetters"]),
            ("Forks", ["Jobs", "Problems", "Queries", "Security", "Calls", "Commands"]),
            ("Replays", ["Jobs", "Problems", "Queries", "Security", "Calls", "Commands", "Logic"]),
            ("Webhooks", ["Following", "Problems", "Queries", "Security", "Commands", "DeadLetters"]),
            ("Pages", ["Jobs", "Problems", "Queries", "Security", "Commands", "Logic", "Figures", "Queues", "Recordings", "Replays", "Webhooks"]),
            ("Describing", ["Queries", "Security", "Commands"]),
        ],
        ["Host"] =
        [
            ("Configuration", []),
            ("Health", ["Configuration"]),
            ("Composition", ["Configuration", "Health"]),
            ("Demo", ["Configuration", "Composition"]),
            ("Commands", ["Configuration", "Health", "Composition", "Demo"]),
        ],
    };

    public static TheoryData<string> Rooms => [.. s_mayKnow.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_folder_knows_only_those_it_may(string room)
    {
        var mayKnow = s_mayKnow[room].ToDictionary(row => row.Folder, row => row.Knows);
        var sources = Repository.Sources($"src/EventCalls.{room}").Where(path => path.Split('/').Length > 3).ToList();
        var unknown = sources.Select(path => FolderOf(path, mayKnow.Keys)).Distinct().Except(mayKnow.Keys);
        Assert.True(!unknown.Any(), $"{room}: {string.Join(", ", unknown)} is not in the table: say what it may know.");
        Assert.Empty(from path in sources
                     from known in Known(room, Repository.Read(path), mayKnow.Keys)
                     let folder = FolderOf(path, mayKnow.Keys)
                     where known != folder && !mayKnow[folder].Contains(known)
                     select $"{path} knows {known}");
    }

    // Contracts is one namespace over all its folders, since messages are named by it on the broker: there a file says nothing of the folder that it knows.
    [Fact]
    public void Every_room_with_folders_has_a_table() => Assert.Empty(
        from room in Repository.Rooms.Except(s_mayKnow.Keys)
        where room != "Contracts"
        where Repository.Sources($"src/EventCalls.{room}").Select(path => path.Split('/')).Where(parts => parts.Length > 3).Select(parts => parts[2]).Distinct().Count() > 1
        select room);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void No_folder_knows_one_that_knows_it(string room)
    {
        var above = new HashSet<string>();
        foreach (var (folder, knows) in s_mayKnow[room])
        {
            Assert.Empty(knows.Except(above));
            above.Add(folder);
        }
    }

    [Theory]
    [InlineData("using EventCalls.Sip.Refer;", "Refer")]
    [InlineData("using static EventCalls.Sip.Refer.Words;", "Refer")]
    [InlineData("    private readonly Refer.ReferLeg _leg;", "Refer")]
    [InlineData("    private readonly global::EventCalls.Sip.Refer.ReferLeg _leg;", "Refer")]
    [InlineData("    // as Refer.ReferLeg does", null)]
    [InlineData("    Write(HandoffMethod.Refer, Other.Refer.Name);", null)]
    [InlineData("using EventCalls.Replay.Refer;", null)]
    [InlineData("using EventCalls.Sip.Extensions;", "Extensions")]
    [InlineData("using EventCalls.Sip.Extensions.Inner;", "Extensions/Inner")]
    public void A_namespace_is_found_by_directive_and_by_qualified_name(string line, string? known) =>
        Assert.Equal(known is null ? [] : [known], Known("Sip", line + "\n", ["Refer", "Messages", "Extensions", "Extensions/Inner"]));

    // A folder within another one has a row of its own where it knows more.
    private static string FolderOf(string path, IEnumerable<string> folders)
    {
        var parts = path.Split('/');
        string nested = $"{parts[2]}/{parts[3]}";
        return folders.Contains(nested) ? nested : parts[2];
    }

    private static List<string> Known(string room, string text, IEnumerable<string> folders)
    {
        string code = Comment().Replace(text, "");
        return [.. folders.Where(folder => Regex.IsMatch(
            code, $@"\bEventCalls\.{room}\.{folder.Replace("/", "\\.", StringComparison.Ordinal)}\b(?!\.({Nested(folder)})\b)|(?<![\w.]){folder.Split('/')[^1]}\.(?!({Nested(folder)})\b)[A-Z]"))];

        // What is meant by a nested folder's name is that one, and not the one around it.
        string Nested(string folder) => string.Join('|', folders.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal)).Select(f => f[(folder.Length + 1)..]).DefaultIfEmpty("(?!)"));
    }

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
