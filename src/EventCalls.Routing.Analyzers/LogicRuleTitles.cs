using EventCalls.Routing.Loading.Rules;

namespace EventCalls.Routing.Analyzers;

/// <summary>The rules for routing logic in a few words, as an IDE lists them; what is wrong and what to write instead says each diagnostic.</summary>
internal static class LogicRuleTitles
{
    public static readonly (string Id, string Title)[] All =
    [
        ("EC0001", "There is no routing logic"),
        ("EC0002", "Exactly one class derives from RoutingLogic"),
        ("EC0003", "The logic class can be made without arguments"),
        ("EC0005", "Flows belong to the logic class"),
        ("EC0006", "A flow is a method that takes a Conversation and gives a Decision"),
        ("EC0007", "A flow has a name of its own"),
        (Nesting.RuleId, "Sources are not nested too deeply to be compiled"),
        ("EC1001", "A decision knows no time but conv.Now"),
        ("EC1002", "A decision knows no chance but conv.Random"),
        ("EC1003", "A decision reads nothing but the call"),
        ("EC1004", "A decision is taken at once, on one thread"),
        ("EC1005", "No decision leaves anything behind for the next"),
        ("EC1006", "Logic has no reflection"),
        ("EC1007", "Logic handles no memory"),
        ("EC1008", "A decision does not depend on machine, build or process"),
        ("EC1009", "Logic uses what gives the same answer everywhere"),
        ("EC1010", "The namespaces EventCalls, System and Microsoft are taken"),
    ];
}
