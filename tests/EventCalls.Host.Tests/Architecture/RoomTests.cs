using System.Reflection;
using System.Xml.Linq;

namespace EventCalls.Host.Tests.Architecture;

/// <summary>Which room may know which: the one place where it is written down for the build.</summary>
public class RoomTests
{
    // Logging and hosted services are the platform's own words; every room but the innermost two may use them.
    private static readonly string[] s_platform = ["Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Hosting.Abstractions"];

    private static readonly Dictionary<string, (string[] Rooms, string[] Packages)> s_mayReference = new()
    {
        ["Contracts"] = ([], []),
        ["Sip"] = ([], ["DnsClient", "Microsoft.Extensions.Logging.Abstractions"]),
        ["Routing.Analyzers"] = ([], ["Microsoft.CodeAnalysis"]),
        // The analyzer only comes along in the package.
        ["Routing"] = (["Contracts", "Routing.Analyzers"], ["MassTransit.Abstractions", "Microsoft.CodeAnalysis", .. s_platform]),
        ["Media"] = (["Sip"], ["BouncyCastle.Cryptography", "Concentus", "Microsoft.Extensions.Logging.Abstractions"]),
        ["Telephony"] = (["Contracts", "Sip", "Media"], ["MassTransit.Abstractions", .. s_platform]),
        ["Store"] = (["Contracts"], ["MassTransit.Abstractions", "Microsoft.Data.Sqlite", "SQLitePCLRaw", .. s_platform]),
        ["Marten"] = (["Contracts", "Store"], ["Marten", "Weasel", "JasperFx", "Npgsql", "Polly.Core", "Microsoft.Extensions.DependencyInjection.Abstractions", .. s_platform]),
        ["Bus"] = (["Contracts"], ["MassTransit", "RabbitMQ.Client", .. s_platform]),
        ["Bus.Client"] = (["Contracts"], ["MassTransit", "RabbitMQ.Client"]),
        ["Import"] = (["Contracts", "Sip", "Store"], s_platform),
        ["Replay"] = (["Contracts", "Routing", "Store"], ["CsvHelper", .. s_platform]),
        ["Simulation"] = (["Contracts", "Sip", "Telephony", "Routing", "Replay", "Store"], s_platform),
        ["Console"] = (["Contracts", "Routing", "Store", "Replay"], ["Microsoft.AspNetCore", "Microsoft.IdentityModel", "System.IdentityModel", "Microsoft.Net.Http.Headers", "Microsoft.Extensions"]),
        ["Terminal"] = (["Contracts", "Routing", "Store", "Import", "Replay", "Simulation"], ["Spectre.Console"]),
        ["Host"] = (
            ["Contracts", "Sip", "Media", "Routing", "Telephony", "Store", "Marten", "Bus", "Import", "Replay", "Simulation", "Terminal", "Console"],
            ["MassTransit.Abstractions", "RabbitMQ.Client", "Npgsql", "OpenTelemetry", "Spectre.Console", "System.CommandLine", "Microsoft.Extensions"]),
    };

    public static TheoryData<string> Rooms
    {
        get
        {
            var rooms = new TheoryData<string>();
            foreach (var room in Repository.Rooms)
                rooms.Add(room);
            return rooms;
        }
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_references_only_the_rooms_it_may_know(string room)
    {
        Assert.True(s_mayReference.ContainsKey(room), $"The room {room} is not in the table: say what it may reference.");
        var unknown = Referenced(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)["EventCalls.".Length..])
            .Except(s_mayReference[room].Rooms);
        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_references_only_the_packages_it_may_use(string room)
    {
        var unknown = Referenced(room, "PackageReference").Where(package => !IsAllowed(package, s_mayReference[room].Packages));
        Assert.Empty(unknown);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_built_room_uses_only_what_it_may(string room)
    {
        // What comes in through another room or package shows here and not in the project file.
        var (rooms, packages) = s_mayReference[room];
        var unknown = Assembly.Load(room == "Host" ? "eventcalls" : "EventCalls." + room).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !IsPlatform(name))
            .Where(name => name.StartsWith("EventCalls.", StringComparison.Ordinal)
                ? !rooms.Contains(name["EventCalls.".Length..])
                : !IsAllowed(name, packages));
        Assert.Empty(unknown);
    }

    [Fact]
    public void Only_tests_see_a_rooms_internals()
    {
        var seen = from room in Repository.Rooms
                   from friend in Referenced(room, "InternalsVisibleTo")
                   where !friend.EndsWith(".Tests", StringComparison.Ordinal) && friend is not "EventCalls.Testing" and not "EventCalls.Benchmarks"
                   select $"{room} shows its internals to {friend}";
        Assert.Empty(seen);
    }

    private static bool IsPlatform(string assembly) =>
        assembly.StartsWith("System", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || assembly is "netstandard" or "mscorlib" or "Microsoft.CSharp" or "Microsoft.Win32.Primitives" or "Microsoft.JSInterop";

    // A package's family: Microsoft.CodeAnalysis stands for Microsoft.CodeAnalysis.CSharp too.
    private static bool IsAllowed(string name, string[] packages) =>
        packages.Any(package => name == package || name.StartsWith(package + ".", StringComparison.Ordinal));

    private static IEnumerable<string> Referenced(string room, string kind) =>
        XDocument.Parse(Repository.Read($"src/EventCalls.{room}/EventCalls.{room}.csproj"))
            .Descendants(kind)
            .Select(element => (string)element.Attribute("Include")!);
}
